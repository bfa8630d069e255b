/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The reports in a compound RTCP packet (RFC 3550 section 6): what its sender has received.
 *
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  |V=2|P|   RC    |  PT 200, 201  |  length in words less one     |
 *  |                         SSRC of sender                        |
 *  :          sender information, 20 bytes, of PT 200 only         :
 *  |             SSRC_n, of a source that was received             |   RC times
 *  | fraction lost |       cumulative number of packets lost       |
 *  |           extended highest sequence number received           |
 *  :                  jitter, LSR, DLSR: 12 bytes                  :
 *
 * A source from which nothing came since the last report has no block (section 6.4), or its number stands
 * still.
 *
 * Read only where the lengths of all packets add up to the datagram. SRTCP (RFC 3711 section 3.4) never does:
 * it is followed by an index and a tag, and of several packets all but the first header are encrypted.
 * Tested in tests/flow/rtcp_wire_test.cc.
 */
#ifndef CANDOR_RTCP_H
#define CANDOR_RTCP_H

#include "bpf/bytes.h"
#include "bpf/packet.h"

#define CANDOR_RTCP_PACKETS 8  /* of a compound packet; one with more is not read */
#define CANDOR_RTCP_BLOCKS  4  /* of one report; further ones are ignored */
#define CANDOR_RTCP_BLOCK   24 /* bytes */

/* Bytes before the blocks of a report; 0: another packet. */
CANDOR_INLINE __u32 candor_report_head(__u8 type)
{
	return type == 200 ? 28 : type == 201 ? 8 : 0;
}

/* Adds up the highest sequence numbers of `count` blocks: the sum changes when one of them moves on. -1: they
 * are not all there. */
CANDOR_INLINE int candor_read_blocks(const struct candor_bytes *b, __u32 at, __u32 count,
				     struct candor_packet *p)
{
	__u8 block[12];
	__u32 i;

	for (i = 0; i < CANDOR_RTCP_BLOCKS; i++) {
		if (i >= count)
			break;
		if (candor_load(b, at + i * CANDOR_RTCP_BLOCK, block, sizeof(block)))
			return -1;
		p->highest += candor_be32(block + 8);
	}
	return 0;
}

/* `offset` and `length` are those of the UDP payload. Sets CANDOR_P_REPORT. */
CANDOR_INLINE void candor_read_reports(const struct candor_bytes *b, __u32 offset, __u32 length,
				       struct candor_packet *p)
{
	__u32 at = 0, i, size, head;
	__u8 h[4];

	for (i = 0; i < CANDOR_RTCP_PACKETS && at != length; i++) {
		if (candor_load(b, offset + at, h, sizeof(h)) || h[0] >> 6 != 2 || h[1] < 192 || h[1] > 223)
			return;
		size = (candor_be16(h + 2) + 1u) * 4;
		if (size > length - at)
			return;
		head = candor_report_head(h[1]);
		if (head && (head + (h[0] & 0x1fu) * CANDOR_RTCP_BLOCK > size ||
			     candor_read_blocks(b, offset + at + head, h[0] & 0x1f, p)))
			return;
		at += size;
		CANDOR_RELOAD_VALUE(at, p->walk);
		if (at > length) /* for the verifier */
			return;
	}
	if (at == length)
		p->flags |= CANDOR_P_REPORT;
}

#endif /* CANDOR_RTCP_H */
