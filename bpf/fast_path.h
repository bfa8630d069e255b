/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The fast path's classification, from the headers alone. Kernel only: user space reads every packet in full
 * (read_packet.h). The result must equal that of read_packet.h and flow_step.h;
 * tests/bpf/differential_test.cc compares them.
 *
 * Headers are linear on these hooks for every packet (28 bytes with IPv4, 48 with IPv6), so they are read in
 * place. Packets with options, extension headers or fragments, and short ones, take the full path.
 */
#ifndef CANDOR_FAST_PATH_H
#define CANDOR_FAST_PATH_H

#include <bpf/bpf_endian.h>

#include "bpf/classify.h"

#define CANDOR_PORTS_V4	  20 /* offset of the UDP header without options */
#define CANDOR_PORTS_V6	  40
#define CANDOR_UDP_HEADER 8

enum candor_fast_result {
	CANDOR_FAST_NO = 0,   /* take the full path */
	CANDOR_FAST_NOT_OURS, /* not UDP, or outside the configured ports */
	CANDOR_FAST_QUIC,     /* counted, no flow */
	CANDOR_FAST_RTP,      /* not in an envelope, well-formed */
	CANDOR_FAST_RTCP,
};

/* clang copies byte arrays by single bytes, because it assumes no alignment. All supported machines and the
 * verifier accept unaligned loads. */
typedef __u64 __attribute__((may_alias)) candor_word64;
typedef __u32 __attribute__((may_alias)) candor_word32;
typedef __u16 __attribute__((may_alias)) candor_word16;
struct candor_fast_path {
	struct candor_flow_key key __attribute__((aligned(8))); /* of RTP and RTCP */
};

/* candor_mapped_v4() by words. */
CANDOR_INLINE void candor_words_v4(__u8 *to, const __u8 *v4)
{
	*(candor_word64 *)to = 0;
	*(candor_word32 *)(to + 8) = bpf_htonl(0xffff);
	*(candor_word32 *)(to + 12) = *(const candor_word32 *)v4;
}

CANDOR_INLINE void candor_words_v6(__u8 *to, const __u8 *v6)
{
	*(candor_word64 *)to = *(const candor_word64 *)v6;
	*(candor_word64 *)(to + 8) = *(const candor_word64 *)(v6 + 8);
}

CANDOR_INLINE __u16 candor_word_be16(const __u8 *p)
{
	return bpf_ntohs(*(const candor_word16 *)p);
}

/* The rule of candor_parse_rtp(); `first` is the payload's first 4 bytes as a number. */
CANDOR_INLINE int candor_fast_media(__u32 first, __u32 length)
{
	__u32 type = first >> 16 & 0xff;

	if (type >= 192 && type <= 223)
		return length >= 8 && ((first & 0xffff) + 1) * 4 <= length ? CANDOR_FAST_RTCP
									   : CANDOR_FAST_NO;
	return length >= 12 + (first >> 24 & 0x0f) * 4 ? CANDOR_FAST_RTP : CANDOR_FAST_NO;
}

/* `udp` points to the UDP header; `at` is the payload's offset. */
CANDOR_INLINE int candor_fast_payload(struct __sk_buff *skb, const __u8 *udp, const void *end, __u32 at)
{
	__u32 length = skb->len - at, claimed = candor_word_be16(udp + 4), first, beyond;

	if (skb->len < at + 4 || claimed < CANDOR_UDP_HEADER + 4)
		return CANDOR_FAST_NO;
	if (claimed - CANDOR_UDP_HEADER < length)
		length = claimed - CANDOR_UDP_HEADER;
	/* A copy over the stack only when the bytes are not linear. */
	if ((const void *)(udp + CANDOR_UDP_HEADER + sizeof(first)) <= end) {
		first = bpf_ntohl(*(const candor_word32 *)(udp + CANDOR_UDP_HEADER));
	} else {
		if (bpf_skb_load_bytes(skb, at, &beyond, sizeof(beyond)))
			return CANDOR_FAST_NO;
		first = bpf_ntohl(beyond);
	}
	if (first >> 30 == 2) /* 128 to 191 */
		return candor_fast_media(first, length);
	return first >> 24 >= 80 ? CANDOR_FAST_QUIC : CANDOR_FAST_NO;
}

/* One address family: `v6` and `dir` are constants. */
CANDOR_INLINE int candor_fast_udp(struct __sk_buff *skb, const __u8 *h, const void *end, int v6,
				  enum candor_dir dir, const struct candor_config *config,
				  struct candor_fast_path *g)
{
	const __u32 ports = v6 ? CANDOR_PORTS_V6 : CANDOR_PORTS_V4;
	const __u8 *udp = h + ports;
	__u16 source = candor_word_be16(udp), destination = candor_word_be16(udp + 2);
	__u8 *from = dir == CANDOR_IN ? g->key.remote_addr : g->key.local_addr;
	__u8 *to = dir == CANDOR_IN ? g->key.local_addr : g->key.remote_addr;
	int result;

	g->key.local_port = dir == CANDOR_IN ? destination : source;
	g->key.remote_port = dir == CANDOR_IN ? source : destination;
	if (g->key.local_port < config->port_min || g->key.local_port > config->port_max)
		return CANDOR_FAST_NOT_OURS;
	result = candor_fast_payload(skb, udp, end, ports + CANDOR_UDP_HEADER);
	if (result != CANDOR_FAST_RTP && result != CANDOR_FAST_RTCP)
		return result;
	if (v6) {
		candor_words_v6(from, h + 8);
		candor_words_v6(to, h + 24);
	} else {
		candor_words_v4(from, h + 12);
		candor_words_v4(to, h + 16);
	}
	return result;
}

CANDOR_INLINE int candor_fast_path(struct __sk_buff *skb, enum candor_dir dir,
				   const struct candor_config *config, struct candor_fast_path *g)
{
	const __u8 *h = (const __u8 *)(long)skb->data;
	const void *end = (const void *)(long)skb->data_end;

	if ((const void *)(h + CANDOR_PORTS_V4 + CANDOR_UDP_HEADER) > end)
		return CANDOR_FAST_NO;
	if ((h[0] >> 4) == 4) {
		if (h[9] != CANDOR_IPPROTO_UDP)
			return CANDOR_FAST_NOT_OURS;
		/* Fragment offset: the low 13 bits of bytes 6-7. */
		if (h[0] != 0x45 || (h[6] & 0x1f) || h[7])
			return CANDOR_FAST_NO;
		return candor_fast_udp(skb, h, end, 0, dir, config, g);
	}
	if ((h[0] >> 4) != 6 || (const void *)(h + CANDOR_PORTS_V6 + CANDOR_UDP_HEADER) > end)
		return CANDOR_FAST_NO;
	if (h[6] == CANDOR_IPPROTO_TCP || h[6] == CANDOR_IPPROTO_ICMPV6)
		return CANDOR_FAST_NOT_OURS;
	return h[6] == CANDOR_IPPROTO_UDP ? candor_fast_udp(skb, h, end, 1, dir, config, g) : CANDOR_FAST_NO;
}

#endif /* CANDOR_FAST_PATH_H */
