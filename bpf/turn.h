/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * TURN envelopes (RFC 8656). Two of them carry a peer's packet between client and server:
 *
 * ChannelData (section 12.4), first byte 0x40-0x4F; over UDP the padding is optional:
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  |         Channel Number        |            Length             |
 *  |                       Application Data                        |
 *
 * Send and Data indications (section 11): STUN messages 0x0016 and 0x0017 whose DATA attribute (0x0013) is
 * the packet.
 *
 * Opening an envelope changes candor_udp to describe the inner packet, so that one copy of the parsers reads
 * inner and direct packets. Tested in tests/flow/media_wire_test.cc and tests/bpf/turn_program_test.cc.
 */
#ifndef CANDOR_TURN_H
#define CANDOR_TURN_H

#include "bpf/ip.h"
#include "bpf/packet.h"
#include "bpf/stun.h"

#define CANDOR_CHANNEL_HEADER 4u
#define CANDOR_ATTR_DATA      0x0013

CANDOR_INLINE void candor_move_inside(struct candor_udp *u, struct candor_packet *p, __u32 at, __u32 length,
				      __u32 envelope)
{
	u->payload = at;
	u->length = length;
	p->flags |= CANDOR_P_INNER | envelope;
}

CANDOR_INLINE void candor_open_channel_data(const struct candor_bytes *b, struct candor_udp *u,
					    struct candor_packet *p)
{
	__u8 h[CANDOR_CHANNEL_HEADER];
	__u32 length;

	p->kind = CANDOR_KIND_UNPARSED;
	if (u->length < sizeof(h) || candor_load(b, u->payload, h, sizeof(h)))
		return;
	length = candor_be16(h + 2);
	if (length > u->length - sizeof(h))
		return;
	p->kind = CANDOR_KIND_CHANNEL_DATA;
	if (length)
		candor_move_inside(u, p, u->payload + (__u32)sizeof(h), length, CANDOR_P_CHANNEL);
}

/* `h` holds the first 8 bytes of a STUN message. An indication without DATA remains a STUN message without an
 * answer. */
CANDOR_INLINE void candor_open_indication(const struct candor_bytes *b, struct candor_udp *u,
					  struct candor_packet *p, const __u8 *h)
{
	__u32 at = u->payload + CANDOR_STUN_HEADER, body = candor_be16(h + 2), end = at + body, size, i;
	__u8 a[4];

	if ((body & 3) || CANDOR_STUN_HEADER + body > u->length)
		return;
	for (i = 0; i < CANDOR_STUN_ATTRS; i++) {
		if (at + 4 > end)
			return;
		if (candor_load(b, at, a, sizeof(a))) {
			p->kind = CANDOR_KIND_UNPARSED; /* a snap length cut the content */
			return;
		}
		size = candor_be16(a + 2);
		if (at + 4 + size > end)
			return;
		if (candor_be16(a) == CANDOR_ATTR_DATA) {
			if (size)
				candor_move_inside(u, p, at + 4, size, CANDOR_P_INDICATION);
			return;
		}
		at += 4 + ((size + 3) & ~3u);
	}
}

/* `first` is the payload's first byte. */
CANDOR_INLINE void candor_open_envelope(const struct candor_bytes *b, struct candor_udp *u, __u8 first,
					struct candor_packet *p)
{
	__u8 h[8];

	if (first >= 64 && first < 80) {
		candor_open_channel_data(b, u, p);
		return;
	}
	if (first != 0 || u->length < CANDOR_STUN_HEADER || candor_load(b, u->payload, h, sizeof(h)))
		return;
	if ((h[1] == CANDOR_TURN_SEND || h[1] == CANDOR_TURN_DATA) &&
	    candor_be32(h + 4) == CANDOR_STUN_COOKIE)
		candor_open_indication(b, u, p, h);
}

#endif /* CANDOR_TURN_H */
