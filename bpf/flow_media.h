/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Media and data in the flow state machine: the probation of plain RTP, and when a flow is active.
 */
#ifndef CANDOR_FLOW_MEDIA_H
#define CANDOR_FLOW_MEDIA_H

#include "bpf/flow_common.h"

/* A peer that misses our last flight repeats its own within this time (RFC 6347 section 4.2.4.1). */
#define CANDOR_HS_REPEAT_NS 1000000000ull

/* Whether this packet goes on where the last one of its direction was (RFC 3550 A.1). */
CANDOR_INLINE int candor_in_sequence(const struct candor_flow *f, const struct candor_packet *p,
				     enum candor_dir dir)
{
	__u16 ahead = (__u16)(p->rtp_seq - f->rtp_seq[dir]);

	if (!f->media_packets[dir] || f->ssrc[dir] != p->ssrc)
		return 0;
	return p->kind == CANDOR_KIND_RTCP || p->segments > 1 || (ahead >= 1 && ahead <= 16);
}

/* Probation of a plain flow: two packets in sequence where the node sends as well (RFC 3550's
 * MIN_SEQUENTIAL), five where only a stranger does. */
CANDOR_INLINE int candor_proven(struct candor_flow *f, const struct candor_packet *p, enum candor_dir dir)
{
	int both;

	f->rtp_run[dir] =
	    candor_in_sequence(f, p, dir) ? (__u8)(f->rtp_run[dir] < 255 ? f->rtp_run[dir] + 1 : 255) : 0;
	both = (f->flags & CANDOR_F_MEDIA_OUT) || dir == CANDOR_OUT;
	return f->rtp_run[0] >= (both ? 1 : 4) || f->rtp_run[1] >= 1;
}

CANDOR_INLINE void candor_step_media(struct candor_flow *f, const struct candor_packet *p,
				     enum candor_dir dir)
{
	if (p->kind == CANDOR_KIND_RTP)
		f->flags |= dir == CANDOR_IN ? CANDOR_F_RTP_IN : CANDOR_F_RTP_OUT;
	/* What the node answered by ICE or DTLS is known to carry media; a plain flow must prove it. */
	if ((f->flags & (CANDOR_F_VOUCHED | CANDOR_F_RTP_VALID)) || candor_proven(f, p, dir)) {
		f->flags |= CANDOR_F_RTP_VALID;
		candor_reach(f, CANDOR_PHASE_OFFERED);
	}
	f->ssrc[dir] = p->ssrc;
	f->rtp_seq[dir] = p->rtp_seq;
	f->media_packets[dir] += p->segments;
	f->flags |= dir == CANDOR_IN ? CANDOR_F_MEDIA_IN : CANDOR_F_MEDIA_OUT;
	if ((f->flags & CANDOR_F_MEDIA_OUT) && (f->flags & CANDOR_F_RTP_VALID))
		f->flags |= CANDOR_F_VOUCHED;
}

/* A node sends media only when its handshake is done, so the peer's Finished, protected too, has come. A
 * subscriber may say nothing more for seconds: it is active once it cannot be missing our last flight,
 * because its own came last (the node is the DTLS client), or because it would have repeated it by now. */
CANDOR_INLINE int candor_listens(const struct candor_flow *f, __u64 now)
{
	const __u32 both = CANDOR_F_DTLS_IN | CANDOR_F_DTLS_OUT;

	if ((f->flags & both) != both || f->path_ns)
		return 0;
	return (f->flags & CANDOR_F_NODE_CLIENT) || now - f->hs_in_ns >= CANDOR_HS_REPEAT_NS;
}

CANDOR_INLINE void candor_protected(struct candor_flow *f, enum candor_dir dir, __u64 now)
{
	int in = (f->flags & (CANDOR_F_MEDIA_IN | CANDOR_F_DATA_IN)) != 0;
	int out = (f->flags & (CANDOR_F_MEDIA_OUT | CANDOR_F_DATA_OUT)) != 0;

	if (dir == CANDOR_IN) {
		f->last_media_in_ns = now;
		f->path_ns = 0;
	} else {
		f->last_media_out_ns = now;
	}
	f->media.node_ns = out ? 0 : f->media.node_ns;
	f->media.peer_ns = in ? 0 : f->media.peer_ns;
	if (in && !out)
		candor_since(&f->media.node_ns, now);
	if (out && !in)
		candor_since(&f->media.peer_ns, now);
	/* A plain flow is nobody's attempt before its probation is over. */
	if (out && (in || candor_listens(f, now)) && f->phase >= CANDOR_PHASE_OFFERED &&
	    f->phase < CANDOR_PHASE_ACTIVE) {
		f->phase = CANDOR_PHASE_ACTIVE;
		f->active_ns = now;
	}
}

#endif /* CANDOR_FLOW_MEDIA_H */
