/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * STUN as ICE and TURN use it (RFC 8489 section 5, RFC 8445 section 7, RFC 8656 section 18).
 *
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  |0 0|     STUN Message Type     |         Message Length        |
 *  |                         Magic Cookie                          |
 *  |                     Transaction ID (96 bits)                  |
 *
 * USERNAME of a check is "receiver's ufrag:sender's ufrag" (RFC 8445 section 7.2.2), so the node's half is
 * the first in an incoming request and the second in an outgoing one. Both halves identify the attempt: a
 * server may give the same ufrag to every client. Read in requests only: libnice echoes it in responses.
 * Tested in tests/flow/stun_wire_test.cc.
 */
#ifndef CANDOR_STUN_H
#define CANDOR_STUN_H

#include "bpf/bytes.h"
#include "bpf/packet.h"

#define CANDOR_STUN_HEADER 20
#define CANDOR_STUN_COOKIE 0x2112A442u
#define CANDOR_STUN_ATTRS  16 /* attributes read; messages with more are counted */

#define CANDOR_ATTR_USERNAME	     0x0006
#define CANDOR_ATTR_INTEGRITY	     0x0008
#define CANDOR_ATTR_ERROR_CODE	     0x0009
#define CANDOR_ATTR_LIFETIME	     0x000D
#define CANDOR_ATTR_RELAYED	     0x0016 /* XOR-RELAYED-ADDRESS */
#define CANDOR_ATTR_INTEGRITY_SHA256 0x001C
#define CANDOR_ATTR_USE_CANDIDATE    0x0025
#define CANDOR_ATTR_SPED_DTLS	     0xC070 /* draft-hancke-webrtc-sped: a DTLS packet */
#define CANDOR_ATTR_SPED_ACK	     0xC071

#define CANDOR_FNV_BASIS 0xcbf29ce484222325ull
#define CANDOR_FNV_PRIME 0x100000001b3ull

/* Index of the colon in p->name; n without one. */
CANDOR_INLINE __u32 candor_find_colon(const struct candor_packet *p, __u32 n)
{
	__u32 i;

	for (i = 0; i < CANDOR_USERNAME_READ; i++) {
		__u32 at = i;

		/* The verifier of Linux 6.1 follows one iteration more than can run: the mask is for it. */
		CANDOR_OPAQUE(at);
		if (i >= n || p->name[at & (CANDOR_USERNAME_READ - 1)] == ':')
			break;
	}
	return i < n ? i : n;
}

/* Continues `hash` (FNV-1a) with a part of p->name; copies its beginning to `text` unless that is null. */
CANDOR_INLINE __u64 candor_hash_part(const struct candor_packet *p, __u64 hash, __u32 from, __u32 length,
				     __u8 *text)
{
	__u32 i;

	for (i = 0; i < CANDOR_USERNAME_READ; i++) {
		__u8 c;

		if (i >= length)
			break;
		c = p->name[(from + i) & (CANDOR_USERNAME_READ - 1)];
		hash = (hash ^ c) * CANDOR_FNV_PRIME;
		if (text && i < CANDOR_UFRAG_TEXT)
			text[i] = c;
	}
	return hash;
}

/* Hashes p->name as "node's half:peer's half" in either order, and keeps the node's half for display. The
 * offsets are read back from *p so that the verifier does not track the colon's 128 possible positions. */
CANDOR_INLINE void candor_read_ufrag(struct candor_packet *p)
{
	__u64 hash = candor_hash_part(p, CANDOR_FNV_BASIS, p->node_from, p->node_length, p->ufrag_text);
	__u32 length = p->node_length;

	hash = (hash ^ ':') * CANDOR_FNV_PRIME;
	hash = candor_hash_part(p, hash, p->peer_from, p->peer_length, 0);
	p->ufrag_hash = hash ? hash : 1;
	p->ufrag_len = (__u8)(length < CANDOR_UFRAG_TEXT ? length : CANDOR_UFRAG_TEXT);
	p->flags |= CANDOR_P_USERNAME;
}

CANDOR_INLINE void candor_stun_username(const struct candor_bytes *b, __u32 offset, __u32 length,
					enum candor_dir dir, struct candor_packet *p)
{
	__u32 n = length, colon;

	if (n == 0)
		return;
	if (n > CANDOR_USERNAME_READ) {
		n = CANDOR_USERNAME_READ;
		p->flags |= CANDOR_P_USERNAME_CUT;
	}
	n -= 1;
	CANDOR_OPAQUE(n);
	n &= CANDOR_USERNAME_READ - 1;
	n += 1;
	if (candor_load(b, offset, p->name, n))
		return;
	colon = candor_find_colon(p, n);
	if (colon == n)
		return; /* not an ICE username, for example of TURN */
	p->node_from = (__u16)(dir == CANDOR_IN ? 0 : colon + 1);
	p->node_length = (__u16)(dir == CANDOR_IN ? colon : n - colon - 1);
	p->peer_from = (__u16)(dir == CANDOR_IN ? colon + 1 : 0);
	p->peer_length = (__u16)(dir == CANDOR_IN ? n - colon - 1 : colon);
	candor_read_ufrag(p);
}

/* Reserved (1), family (1), port and address, both xor the cookie (RFC 8489 section 14.2); of an IPv6 address
 * only the first 4 bytes, which suffice here. At most one of each family: RFC 8656 section 7.3. */
CANDOR_INLINE void candor_stun_relayed(const struct candor_bytes *b, __u32 offset, __u32 length,
				       struct candor_packet *p)
{
	__u8 a[8];
	__u32 v6;

	if (length < sizeof(a) || candor_load(b, offset, a, sizeof(a)))
		return;
	v6 = a[1] == 2;
	p->relay_port[v6] = (__u16)(candor_be16(a + 2) ^ (CANDOR_STUN_COOKIE >> 16));
	p->relay_head[v6] = candor_be32(a + 4) ^ CANDOR_STUN_COOKIE;
}

CANDOR_INLINE void candor_stun_attribute(const struct candor_bytes *b, __u32 offset, __u16 type, __u32 length,
					 struct candor_packet *p)
{
	__u8 code[4];

	switch (type) {
	case CANDOR_ATTR_INTEGRITY:
	case CANDOR_ATTR_INTEGRITY_SHA256:
		p->flags |= CANDOR_P_INTEGRITY;
		break;
	case CANDOR_ATTR_USE_CANDIDATE:
		p->flags |= CANDOR_P_USE_CANDIDATE;
		break;
	case CANDOR_ATTR_ERROR_CODE:
		/* 21 reserved bits, class (3 bits), number (RFC 8489 section 14.8). */
		if (length >= 4 && candor_load(b, offset, code, sizeof(code)) == 0)
			p->stun_error = (__u16)((code[2] & 7) * 100 + code[3]);
		break;
	case CANDOR_ATTR_LIFETIME:
		if (length == 4 && candor_load(b, offset, code, sizeof(code)) == 0 && !candor_be32(code))
			p->flags |= CANDOR_P_RELEASE;
		break;
	case CANDOR_ATTR_RELAYED:
		candor_stun_relayed(b, offset, length, p);
		break;
	case CANDOR_ATTR_SPED_DTLS:
		p->flags |= CANDOR_P_SPED;
		if (!p->sped_at) { /* the first one counts (RFC 8489 section 14) */
			p->sped_at = (__u16)offset;
			p->sped_length = (__u16)length;
		}
		break;
	case CANDOR_ATTR_SPED_ACK: /* checksums of 4 bytes of the received packets */
		p->flags |= CANDOR_P_SPED | (length >= 4 ? CANDOR_P_SPED_DONE : 0);
		break;
	}
}

/* `offset` and `length` are those of the UDP payload, whose first byte is 0-3. */
CANDOR_INLINE void candor_parse_stun(const struct candor_bytes *b, __u32 offset, __u32 length,
				     enum candor_dir dir, struct candor_packet *p)
{
	/* Only the first 8 of the 12 bytes of the transaction id are hashed: 64 random bits are enough, and
	 * a capture of 60-byte snap length still shows them. */
	__u8 h[16], a[4];
	__u32 end, at, body, i, user_at = 0, user_length = 0;

	p->kind = CANDOR_KIND_UNKNOWN;
	if (length < CANDOR_STUN_HEADER || candor_load(b, offset, h, sizeof(h)))
		return;
	if (candor_be32(h + 4) != CANDOR_STUN_COOKIE)
		return;
	body = candor_be16(h + 2);
	if ((body & 3) || CANDOR_STUN_HEADER + body > length) {
		p->kind = CANDOR_KIND_UNPARSED;
		return;
	}
	p->kind = CANDOR_KIND_STUN;
	p->stun_type = candor_be16(h);
	p->txid = candor_be32(h + 8) * 0x9e3779b1u ^ candor_be32(h + 12);
	if (!p->txid)
		p->txid = 1;
	at = offset + CANDOR_STUN_HEADER;
	end = at + body;
	for (i = 0; i < CANDOR_STUN_ATTRS; i++) {
		__u32 size;

		if (at + 4 > end || candor_load(b, at, a, sizeof(a)))
			break;
		size = candor_be16(a + 2);
		if (at + 4 + size > end)
			break;
		if (candor_be16(a) == CANDOR_ATTR_USERNAME && !user_at) {
			user_at = at + 4;
			user_length = size;
		}
		candor_stun_attribute(b, at + 4, candor_be16(a), size, p);
		at += 4 + ((size + 3) & ~3u);
	}
	if (i == CANDOR_STUN_ATTRS && at + 4 <= end)
		p->flags |= CANDOR_P_ATTRS_CUT;
	/* Not when an attribute with a packet may still follow. */
	if (p->sped_length || at + 4 <= end)
		p->flags &= ~CANDOR_P_SPED_DONE;
	if (user_at && (p->stun_type & CANDOR_STUN_CLASS) == CANDOR_STUN_REQUEST)
		candor_stun_username(b, user_at, user_length, dir, p);
}

#endif /* CANDOR_STUN_H */
