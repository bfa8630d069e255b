/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * STUN as ICE uses it (RFC 8489 section 5, RFC 8445 section 7).
 *
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  |0 0|     STUN Message Type     |         Message Length        |
 *  |                         Magic Cookie                          |
 *  |                     Transaction ID (96 bits)                  |
 *
 * USERNAME of a check is "receiver's ufrag:sender's ufrag" (RFC 8445 section 7.2.2), so the node's half is
 * the first in a request that arrives and the second in one that leaves. It counts in requests only:
 * libnice echoes it in responses.
 */
#ifndef CANDOR_STUN_H
#define CANDOR_STUN_H

#include "bpf/bytes.h"
#include "bpf/packet.h"

#define CANDOR_STUN_HEADER 20
#define CANDOR_STUN_COOKIE 0x2112A442u
#define CANDOR_STUN_ATTRS 16      /* attributes walked; more are counted, not ignored */
#define CANDOR_USERNAME_READ 128u /* bytes of USERNAME read; a power of two for the verifier */

#define CANDOR_ATTR_USERNAME         0x0006
#define CANDOR_ATTR_INTEGRITY        0x0008
#define CANDOR_ATTR_ERROR_CODE       0x0009
#define CANDOR_ATTR_INTEGRITY_SHA256 0x001C
#define CANDOR_ATTR_USE_CANDIDATE    0x0025
#define CANDOR_ATTR_SPED_DTLS        0xC070 /* draft-hancke-webrtc-sped */
#define CANDOR_ATTR_SPED_ACK         0xC071

#define CANDOR_FNV_BASIS 0xcbf29ce484222325ull
#define CANDOR_FNV_PRIME 0x100000001b3ull

/* Hashes and keeps the node's half of `name`, `n` bytes long. */
CANDOR_INLINE void candor_read_ufrag(const __u8 *name, __u32 n, enum candor_dir dir, struct candor_packet *p)
{
	__u64 hash = CANDOR_FNV_BASIS;
	__u32 colon = n, from, length, i;

	for (i = 0; i < CANDOR_USERNAME_READ; i++) {
		if (i >= n)
			break;
		if (name[i] == ':') {
			colon = i;
			break;
		}
	}
	if (colon == n)
		return; /* not an ICE username (a TURN one, say) */
	from = dir == CANDOR_IN ? 0 : colon + 1;
	length = dir == CANDOR_IN ? colon : n - colon - 1;
	CANDOR_OPAQUE(from);
	CANDOR_OPAQUE(length);
	for (i = 0; i < CANDOR_USERNAME_READ; i++) {
		__u8 c;

		if (i >= length)
			break;
		c = name[(from + i) & (CANDOR_USERNAME_READ - 1)];
		hash = (hash ^ c) * CANDOR_FNV_PRIME;
		if (i < CANDOR_UFRAG_TEXT)
			p->ufrag_text[i] = c;
	}
	p->ufrag_hash = hash ? hash : 1;
	p->ufrag_len = (__u8)(length < CANDOR_UFRAG_TEXT ? length : CANDOR_UFRAG_TEXT);
	p->flags |= CANDOR_P_USERNAME;
}

CANDOR_INLINE void candor_stun_username(const struct candor_bytes *b, __u32 offset, __u32 length,
					enum candor_dir dir, struct candor_packet *p)
{
	__u8 name[CANDOR_USERNAME_READ] = {0};
	__u32 n = length;

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
	if (candor_load(b, offset, name, n) == 0)
		candor_read_ufrag(name, n, dir, p);
}

CANDOR_INLINE void candor_stun_attribute(const struct candor_bytes *b, __u32 offset, __u16 type, __u32 length,
					 enum candor_dir dir, struct candor_packet *p)
{
	__u8 code[4];

	switch (type) {
	case CANDOR_ATTR_USERNAME:
		if ((p->stun_type & CANDOR_STUN_CLASS) == CANDOR_STUN_REQUEST && !(p->flags & CANDOR_P_USERNAME))
			candor_stun_username(b, offset, length, dir, p);
		break;
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
	case CANDOR_ATTR_SPED_DTLS:
	case CANDOR_ATTR_SPED_ACK:
		p->flags |= CANDOR_P_SPED;
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
	__u32 end, at, body, i;

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
			return;
		size = candor_be16(a + 2);
		if (at + 4 + size > end)
			return;
		candor_stun_attribute(b, at + 4, candor_be16(a), size, dir, p);
		at += 4 + ((size + 3) & ~3u);
	}
	if (at + 4 <= end)
		p->flags |= CANDOR_P_ATTRS_CUT;
}

#endif /* CANDOR_STUN_H */
