/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kind of a UDP payload, by its first byte (RFC 7983, RFC 9443 section 3):
 *   0-3 STUN, 16-19 ZRTP, 20-63 DTLS, 64-79 TURN ChannelData, 80-127 and 192-255 QUIC, 128-191 RTP/RTCP.
 */
#ifndef CANDOR_CLASSIFY_H
#define CANDOR_CLASSIFY_H

#include "bpf/dtls.h"
#include "bpf/ip.h"
#include "bpf/packet.h"
#include "bpf/rtp.h"
#include "bpf/stun.h"
#include "bpf/turn.h"

/* DTLS, alone or inside a STUN attribute. One call for both, so that the BPF program has one copy of it. */
CANDOR_INLINE void candor_classify_dtls(const struct candor_bytes *b, const struct candor_udp *u,
					struct candor_packet *p)
{
	__u32 at = u->payload, length = u->length;
	__u8 kind = p->kind, first;

	if (kind == CANDOR_KIND_STUN) {
		at = p->sped_at;
		length = p->sped_length;
	}
	if ((kind != CANDOR_KIND_DTLS && kind != CANDOR_KIND_STUN) || !length ||
	    candor_load(b, at, &first, 1) || first < 20 || first > 63)
		return;
	candor_parse_dtls(b, at, length, p);
	if (kind == CANDOR_KIND_STUN)
		p->kind = kind;
}

/* Fills *p, which must be all zero. `dir` selects the node's half of a USERNAME. A packet inside a TURN
 * envelope is read instead of the envelope, and *u then describes it. */
CANDOR_INLINE void candor_classify(const struct candor_bytes *b, struct candor_udp *u, enum candor_dir dir,
				   struct candor_packet *p)
{
	__u8 first;

	if (u->length == 0 || candor_load(b, u->payload, &first, 1))
		return;
	candor_open_envelope(b, u, first, p);
	if (p->kind == CANDOR_KIND_UNPARSED)
		return;
	if ((p->flags & CANDOR_P_INNER) && candor_load(b, u->payload, &first, 1)) {
		p->kind = CANDOR_KIND_UNKNOWN; /* cut by a snap length */
		return;
	}
	if (first < 4)
		candor_parse_stun(b, u->payload, u->length, dir, p);
	else if (first < 16)
		p->kind = CANDOR_KIND_UNKNOWN;
	else if (first < 20)
		p->kind = CANDOR_KIND_ZRTP;
	else if (first < 64)
		p->kind = CANDOR_KIND_DTLS;
	else if (first < 80)
		return; /* opened above; an envelope within an envelope is ignored */
	else if (first < 128 || first >= 192)
		p->kind = CANDOR_KIND_QUIC;
	else
		candor_parse_rtp(b, u->payload, u->length, dir, p);
	candor_classify_dtls(b, u, p);
}

/* The counter of a packet's kind. */
CANDOR_INLINE enum candor_counter candor_kind_counter(__u8 kind)
{
	switch (kind) {
	case CANDOR_KIND_STUN:
		return CANDOR_C_STUN;
	case CANDOR_KIND_ZRTP:
		return CANDOR_C_ZRTP;
	case CANDOR_KIND_DTLS:
		return CANDOR_C_DTLS;
	case CANDOR_KIND_CHANNEL_DATA:
		return CANDOR_C_CHANNEL_DATA;
	case CANDOR_KIND_QUIC:
		return CANDOR_C_QUIC;
	case CANDOR_KIND_RTP:
	case CANDOR_KIND_RTCP:
		return CANDOR_C_MEDIA;
	case CANDOR_KIND_UNPARSED:
		return CANDOR_C_UNPARSED;
	default:
		return CANDOR_C_UNKNOWN;
	}
}

#endif /* CANDOR_CLASSIFY_H */
