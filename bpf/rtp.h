/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * RTP and RTCP headers (RFC 3550 sections 5.1 and 6.4), told apart by the second byte (RFC 5761 section 4).
 * SRTP and SRTCP (RFC 3711) leave what is read here in the clear: the RTP header, and 8 bytes of RTCP.
 */
#ifndef CANDOR_RTP_H
#define CANDOR_RTP_H

#include "bpf/bytes.h"
#include "bpf/packet.h"

/* The first byte is 128-191. */
CANDOR_INLINE void candor_parse_rtp(const struct candor_bytes *b, __u32 offset, __u32 length,
				    struct candor_packet *p)
{
	__u8 h[12];

	p->kind = CANDOR_KIND_UNKNOWN;
	if (length < 8 || candor_load(b, offset, h, 8))
		return;
	if (h[1] >= 192 && h[1] <= 223) {
		/* The length of the first RTCP packet, in words less one, must fit. */
		if (((__u32)candor_be16(h + 2) + 1) * 4 > length)
			return;
		p->kind = CANDOR_KIND_RTCP;
		p->ssrc = candor_be32(h + 4);
		return;
	}
	if (length < 12 + (__u32)(h[0] & 0x0f) * 4 || candor_load(b, offset, h, sizeof(h)))
		return;
	p->kind = CANDOR_KIND_RTP;
	p->rtp_seq = candor_be16(h + 2);
	p->ssrc = candor_be32(h + 8);
}

#endif /* CANDOR_RTP_H */
