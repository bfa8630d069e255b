/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From the IP header to the UDP payload: IPv4 with options (RFC 791), IPv6 with extension headers
 * (RFC 8200), fragments, UDP (RFC 768). The version comes from the packet and not from the socket, because
 * dual-stack sockets are AF_INET6 and carry IPv4.
 */
#ifndef CANDOR_IP_H
#define CANDOR_IP_H

#include "bpf/abi.h"
#include "bpf/bytes.h"

#define CANDOR_IPPROTO_TCP    6
#define CANDOR_IPPROTO_UDP    17
#define CANDOR_IPPROTO_ICMPV6 58
#define CANDOR_EXT_HEADERS    8 /* IPv6 extension headers read */

enum candor_ip_result {
	CANDOR_IP_UDP = 0,
	CANDOR_IP_OTHER,    /* not UDP, or not IP at all */
	CANDOR_IP_FRAGMENT, /* a later fragment, without ports */
	CANDOR_IP_EXT_CUT,  /* more extension headers than are read */
	CANDOR_IP_SHORT,    /* ends inside its headers */
};

struct candor_udp {
	struct candor_flow_key key;
	__u32 payload; /* offset of the payload from the IP header */
	__u32 length;  /* of the payload, on the wire */
};

CANDOR_INLINE void candor_mapped_v4(__u8 *to, const __u8 *v4)
{
	__builtin_memset(to, 0, 10);
	to[10] = 0xff;
	to[11] = 0xff;
	__builtin_memcpy(to + 12, v4, 4);
}

/* Sets the key's addresses: `from` and `to` are the packet's source and destination. */
CANDOR_INLINE int candor_ip4(const struct candor_bytes *b, enum candor_dir dir, struct candor_udp *u,
			     __u32 *l4)
{
	__u8 h[20];

	if (candor_load(b, 0, h, sizeof(h)))
		return CANDOR_IP_SHORT;
	if (h[9] != CANDOR_IPPROTO_UDP)
		return CANDOR_IP_OTHER;
	/* Fragment offset: the low 13 bits of bytes 6-7. */
	if ((h[6] & 0x1f) | h[7])
		return CANDOR_IP_FRAGMENT;
	*l4 = (__u32)(h[0] & 0x0f) * 4;
	if (*l4 < sizeof(h))
		return CANDOR_IP_SHORT;
	candor_mapped_v4(dir == CANDOR_IN ? u->key.remote_addr : u->key.local_addr, h + 12);
	candor_mapped_v4(dir == CANDOR_IN ? u->key.local_addr : u->key.remote_addr, h + 16);
	return CANDOR_IP_UDP;
}

CANDOR_INLINE int candor_ip6(const struct candor_bytes *b, enum candor_dir dir, struct candor_udp *u,
			     __u32 *l4)
{
	__u8 h[40];
	__u8 ext[4];
	__u32 offset = sizeof(h);
	__u8 next;
	int i;

	if (candor_load(b, 0, h, sizeof(h)))
		return CANDOR_IP_SHORT;
	__builtin_memcpy(dir == CANDOR_IN ? u->key.remote_addr : u->key.local_addr, h + 8, 16);
	__builtin_memcpy(dir == CANDOR_IN ? u->key.local_addr : u->key.remote_addr, h + 24, 16);
	next = h[6];
	for (i = 0; i < CANDOR_EXT_HEADERS; i++) {
		if (next == CANDOR_IPPROTO_UDP) {
			*l4 = offset;
			return CANDOR_IP_UDP;
		}
		/* Hop-by-hop 0, routing 43, fragment 44, authentication 51, destination 60, mobility 135. */
		if (next != 0 && next != 43 && next != 44 && next != 51 && next != 60 && next != 135)
			return CANDOR_IP_OTHER;
		if (candor_load(b, offset, ext, sizeof(ext)))
			return CANDOR_IP_SHORT;
		if (next == 44) {
			if (ext[2] | (ext[3] & 0xf8))
				return CANDOR_IP_FRAGMENT;
			offset += 8;
		} else if (next == 51) {
			offset += ((__u32)ext[1] + 2) * 4;
		} else {
			offset += ((__u32)ext[1] + 1) * 8;
		}
		next = ext[0];
	}
	return CANDOR_IP_EXT_CUT;
}

/* Reads from the IP header on; fills *u on CANDOR_IP_UDP. */
CANDOR_INLINE int candor_parse_ip(const struct candor_bytes *b, enum candor_dir dir, struct candor_udp *u)
{
	__u8 first, h[8];
	__u32 l4 = 0, claimed;
	int r;

	if (candor_load(b, 0, &first, 1))
		return CANDOR_IP_OTHER;
	if ((first >> 4) == 4)
		r = candor_ip4(b, dir, u, &l4);
	else if ((first >> 4) == 6)
		r = candor_ip6(b, dir, u, &l4);
	else
		return CANDOR_IP_OTHER;
	if (r != CANDOR_IP_UDP)
		return r;
	if (candor_load(b, l4, h, sizeof(h)) || b->length < l4 + sizeof(h))
		return CANDOR_IP_SHORT;
	u->key.remote_port = candor_be16(dir == CANDOR_IN ? h : h + 2);
	u->key.local_port = candor_be16(dir == CANDOR_IN ? h + 2 : h);
	u->payload = l4 + (__u32)sizeof(h);
	u->length = b->length - u->payload;
	/* A short Ethernet frame is padded; a super-packet or first fragment has a larger length field. */
	claimed = candor_be16(h + 4);
	if (claimed >= sizeof(h) && claimed - sizeof(h) < u->length)
		u->length = claimed - (__u32)sizeof(h);
	return CANDOR_IP_UDP;
}

#endif /* CANDOR_IP_H */
