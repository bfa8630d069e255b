/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * RTP and RTCP headers (RFC 3550 sections 5.1 and 6.4), distinguished by the second byte (RFC 5761 section
 * 4). SRTP and SRTCP (RFC 3711) do not encrypt what is read here: the RTP header, the length of its
 * extension, and 8 bytes of RTCP.
 *
 * An inconsistent header is read and marked (CANDOR_P_DOUBT): on a flow acknowledged by ICE or DTLS it is
 * media, on a plain flow it does not count for the probation (RFC 3550 appendices A.1 and A.2). Tested in
 * tests/flow/plain_rtp_test.cc.
 */
#ifndef CANDOR_RTP_H
#define CANDOR_RTP_H

#include "bpf/bytes.h"
#include "bpf/packet.h"
#include "bpf/rtcp.h"

/* Whether the first 8 bytes are a sender or receiver report long enough for its blocks and without padding,
 * as every compound packet begins (RFC 3550 section 6.1). */
CANDOR_INLINE int candor_is_report(const __u8 *h)
{
	__u32 blocks = h[0] & 0x1f, words = candor_be16(h + 2) + 1u;

	if (h[0] & 0x20)
		return 0;
	return h[1] == 200 ? words >= 7 + 6 * blocks : h[1] == 201 && words >= 2 + 6 * blocks;
}

/* The first byte is 128-191. */
CANDOR_INLINE void candor_parse_rtp(const struct candor_bytes *b, __u32 offset, __u32 length,
				    enum candor_dir dir, struct candor_packet *p)
{
	__u8 h[12];
	__u32 head;

	p->kind = CANDOR_KIND_UNKNOWN;
	if (length < 8 || candor_load(b, offset, h, 8))
		return;
	if (h[1] >= 192 && h[1] <= 223) {
		/* The length of the first RTCP packet, in words less one, must fit. */
		if (((__u32)candor_be16(h + 2) + 1) * 4 > length)
			return;
		p->kind = CANDOR_KIND_RTCP;
		p->ssrc = candor_be32(h + 4);
		if (!candor_is_report(h))
			p->flags |= CANDOR_P_DOUBT;
		else if (dir == CANDOR_IN)
			candor_read_reports(b, offset, length, p);
		return;
	}
	if (length < 12 + (__u32)(h[0] & 0x0f) * 4 || candor_load(b, offset, h, sizeof(h)))
		return;
	p->kind = CANDOR_KIND_RTP;
	p->rtp_type = h[1] & 0x7f;
	p->rtp_seq = candor_be16(h + 2);
	p->rtp_time = candor_be32(h + 4);
	p->ssrc = candor_be32(h + 8);
	head = 12 + (__u32)(h[0] & 0x0f) * 4;
	if (!(h[0] & 0x10))
		return;
	/* The extension: profile 2, words 2. A snap length may hide it. */
	if (head + 4 > length ||
	    (candor_load(b, offset + head, h, 4) == 0 && head + 4 + (__u32)candor_be16(h + 2) * 4 > length))
		p->flags |= CANDOR_P_DOUBT;
}

#endif /* CANDOR_RTP_H */
