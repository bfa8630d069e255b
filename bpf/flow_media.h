/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Media and data in the flow state machine: the probation of plain RTP, and when a flow is active.
 */
#ifndef CANDOR_FLOW_MEDIA_H
#define CANDOR_FLOW_MEDIA_H

#include "bpf/flow_common.h"
#include "bpf/flow_ice.h"

/* A peer that misses our last flight repeats its own within this time (RFC 6347 section 4.2.4.1). */
#define CANDOR_HS_REPEAT_NS 1000000000ull

/* It doubles its timer each time, from 1 s at most: what is later than this after its first repeat, and than
 * twice what all its repeats took, does not come any more. */
#define CANDOR_HS_AGAIN_NS 2500000000ull

/* Silence of both directions after which another SSRC on a plain flow is another call. */
#define CANDOR_CALL_GAP_NS 2000000000ull

/* Packets of one video frame carry one timestamp and leave within this time; so do those of one tone event.
 */
#define CANDOR_FRAME_NS 150000000ull

/*
 * How far a timestamp moves from one packet of a stream to the next (RFC 3550 section 5.1): forward, by what
 * the fastest clock in use (192 kHz) gives for the time since plus a burst, or back by less than a second of
 * the video clock where frames are sent in the order of decoding. Less than 8 units is no frame of any codec:
 * the shortest is 2.5 ms, 20 units at 8 kHz.
 */
#define CANDOR_CLOCK_PER_MS 192u
#define CANDOR_BURST_MS	    2000u
#define CANDOR_BACKWARD	    90000u
#define CANDOR_FRAME_UNITS  8u

enum candor_progress {
	CANDOR_IMPLAUSIBLE = 0, /* not where the stream would be */
	CANDOR_NEUTRAL,		/* the same frame, a change of payload type, decoding order: says nothing */
	CANDOR_ADVANCES,	/* the next frame */
};

/* Where an RTP packet stands after the last one of its direction. */
CANDOR_INLINE enum candor_progress candor_rtp_progress(const struct candor_flow *f,
						       const struct candor_packet *p, enum candor_dir dir,
						       __u64 now)
{
	__u64 since = now - (dir == CANDOR_IN ? f->last_media_in_ns : f->last_media_out_ns);
	__u16 ahead = (__u16)(p->rtp_seq - f->rtp_seq[dir]);
	__u32 moved = p->rtp_time - f->rtp_time[dir];
	__u64 most = ((since >> 20) + CANDOR_BURST_MS) * CANDOR_CLOCK_PER_MS;

	if (p->segments <= 1 && (ahead < 1 || ahead > 16))
		return CANDOR_IMPLAUSIBLE;
	if (!moved)
		return since <= CANDOR_FRAME_NS ? CANDOR_NEUTRAL : CANDOR_IMPLAUSIBLE;
	if (-moved <= CANDOR_BACKWARD)
		return CANDOR_NEUTRAL;
	if (moved < CANDOR_FRAME_UNITS || moved > most)
		return CANDOR_IMPLAUSIBLE;
	/* Comfort noise (RFC 3389) and tones (RFC 4733) come in between: no proof, and no disproof. */
	return p->rtp_type == f->rtp_type[dir] ? CANDOR_ADVANCES : CANDOR_NEUTRAL;
}

/* Probation of a plain flow: two packets in sequence where the node sends as well (RFC 3550's
 * MIN_SEQUENTIAL), five where only a stranger does. Packets of one frame count as one. */
CANDOR_INLINE int candor_passes_probation(struct candor_flow *f, const struct candor_packet *p,
					  enum candor_dir dir, __u64 now)
{
	__u32 rtp = dir == CANDOR_IN ? CANDOR_F_RTP_IN : CANDOR_F_RTP_OUT;
	enum candor_progress step = CANDOR_IMPLAUSIBLE;
	int both;

	if ((p->flags & CANDOR_P_DOUBT) || !f->media_packets[dir] || f->ssrc[dir] != p->ssrc)
		step = CANDOR_IMPLAUSIBLE;
	else if (p->kind == CANDOR_KIND_RTCP)
		step = CANDOR_ADVANCES;
	else if (f->flags & rtp)
		step = candor_rtp_progress(f, p, dir, now);
	if (step == CANDOR_IMPLAUSIBLE)
		f->rtp_run[dir] = 0;
	else if (step == CANDOR_ADVANCES && f->rtp_run[dir] < 255)
		f->rtp_run[dir]++;
	both = (f->flags & CANDOR_F_MEDIA_OUT) || dir == CANDOR_OUT;
	return f->rtp_run[0] >= (both ? 1 : 4) || f->rtp_run[1] >= 1;
}

/* The SSRC and the place in the stream: of RTP, and of RTCP only as long as there is no RTP. */
CANDOR_INLINE void candor_note_stream(struct candor_flow *f, const struct candor_packet *p,
				      enum candor_dir dir)
{
	__u32 rtp = dir == CANDOR_IN ? CANDOR_F_RTP_IN : CANDOR_F_RTP_OUT;

	if (p->kind == CANDOR_KIND_RTP)
		f->flags |= rtp;
	else if (f->flags & rtp)
		return;
	f->ssrc[dir] = p->ssrc;
	f->rtp_seq[dir] = p->rtp_seq;
	f->rtp_time[dir] = p->rtp_time;
	f->rtp_type[dir] = p->rtp_type;
}

/* Both directions have been silent for so long that another SSRC means another call. The coarse clock may be
 * a little behind the time of the last packet. */
CANDOR_INLINE int candor_has_paused(const struct candor_flow *f, __u64 now)
{
	return (__s64)(now - f->last_media_in_ns) >= (__s64)CANDOR_CALL_GAP_NS &&
	       (__s64)(now - f->last_media_out_ns) >= (__s64)CANDOR_CALL_GAP_NS;
}

/*
 * A gateway's channel is a fixed pair of ports, called again and again: RTP with another SSRC after a pause
 * is another call, with the same one it is the old call resumed (a hold, say). Of a flow that ICE has named
 * the ufrag decides. What is compared is the SSRC by which the flow was proven: one that changed in mid-call
 * and then paused counts as another call.
 */
CANDOR_INLINE void candor_note_call(struct candor_flow *f, const struct candor_packet *p, enum candor_dir dir,
				    __u64 now)
{
	__u32 rtp = dir == CANDOR_IN ? CANDOR_F_RTP_IN : CANDOR_F_RTP_OUT;

	if (p->kind != CANDOR_KIND_RTP || f->ufrag_hash || !(f->flags & CANDOR_F_RTP_VALID) ||
	    !(f->flags & rtp) || f->ssrc[dir] == p->ssrc || !candor_has_paused(f, now))
		return;
	candor_new_generation(f, now);
	f->flags |= CANDOR_F_BEGAN;
}

CANDOR_INLINE void candor_step_media(struct candor_flow *f, const struct candor_packet *p,
				     enum candor_dir dir, __u64 now)
{
	candor_note_call(f, p, dir, now);
	CANDOR_RELOAD();
	/* What the node answered by ICE or DTLS is known to carry media; a plain flow must prove it. */
	if ((f->flags & (CANDOR_F_ACKNOWLEDGED | CANDOR_F_RTP_VALID)) ||
	    candor_passes_probation(f, p, dir, now)) {
		f->flags |= CANDOR_F_RTP_VALID;
		candor_advance_phase(f, CANDOR_PHASE_OFFERED);
	}
	CANDOR_RELOAD();
	candor_note_stream(f, p, dir);
	CANDOR_RELOAD();
	f->media_packets[dir] += p->segments;
	f->flags |= dir == CANDOR_IN ? CANDOR_F_MEDIA_IN : CANDOR_F_MEDIA_OUT;
	if ((f->flags & CANDOR_F_MEDIA_OUT) && (f->flags & CANDOR_F_RTP_VALID))
		f->flags |= CANDOR_F_ACKNOWLEDGED;
}

/* Whether a peer that had repeated its flight has stopped, and so has our answer. */
CANDOR_INLINE int candor_repeats_ended(const struct candor_flow *f, __u64 now)
{
	__s64 took = (__s64)(f->hs_in_ns - f->path_ns);
	__u64 last = took > 0 ? f->hs_in_ns : f->path_ns;

	return (__s64)(now - last) >= (took > 0 ? 2 * took : 0) + (__s64)CANDOR_HS_AGAIN_NS;
}

/* A node sends media only when its handshake is done, so the peer's Finished, protected too, has come. A
 * subscriber may say nothing more for seconds: it is active once it cannot be missing our last flight,
 * because its own came last (the node is the DTLS client), or because it would have repeated it by now. */
CANDOR_INLINE int candor_peer_receives(const struct candor_flow *f, __u64 now)
{
	const __u32 both = CANDOR_F_DTLS_IN | CANDOR_F_DTLS_OUT;

	if (!(f->marks & CANDOR_M_RESUMED) && (f->flags & both) != both)
		return 0;
	if (f->path_ns)
		return candor_repeats_ended(f, now);
	if (f->marks & CANDOR_M_RESUMED)
		return 1; /* it listened before the ICE restart */
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
	/* A listener that waits sends receiver reports, and asks for nothing by them: only RTP and data do.
	 */
	if (!out && (f->flags & (CANDOR_F_RTP_IN | CANDOR_F_DATA_IN)))
		candor_set_once(&f->media.node_ns, now);
	if (out && !in)
		candor_set_once(&f->media.peer_ns, now);
	/* A plain flow is nobody's attempt before its probation is over. */
	if (out && (in || candor_peer_receives(f, now)) && f->phase >= CANDOR_PHASE_OFFERED &&
	    f->phase < CANDOR_PHASE_ACTIVE) {
		f->phase = CANDOR_PHASE_ACTIVE;
		f->active_ns = now;
	}
}

#endif /* CANDOR_FLOW_MEDIA_H */
