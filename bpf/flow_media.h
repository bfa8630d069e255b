/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Media and data in the flow state machine: the probation of plain RTP, and when a flow is active. Tested in
 * tests/flow/plain_rtp_test.cc and tests/flow/media_wire_test.cc.
 */
#ifndef CANDOR_FLOW_MEDIA_H
#define CANDOR_FLOW_MEDIA_H

#include "bpf/flow_common.h"
#include "bpf/flow_ice.h"
#include "bpf/flow_report.h"

/* A peer that misses the node's last flight repeats its own within this time (RFC 6347 section 4.2.4.1). */
#define CANDOR_HS_REPEAT_NS 1000000000ull

/* It doubles its timer each time, from 1 s at most: no repetition comes later than this after the first one
 * plus twice the time that all repetitions took. */
#define CANDOR_HS_AGAIN_NS 2500000000ull

/* Silence in both directions after which another SSRC on a plain flow is another call. */
#define CANDOR_CALL_GAP_NS 2000000000ull

/* Packets of one video frame, or of one tone event, have one timestamp and are sent within this time. */
#define CANDOR_FRAME_NS 150000000ull

/*
 * The change of the timestamp from one packet of a stream to the next (RFC 3550 section 5.1): forward, at
 * most by the fastest clock in use (192 kHz) times the elapsed time plus a burst, or back by less than a
 * second of the video clock where frames are sent in decoding order. No codec has frames of less than 8
 * units: the shortest is 2.5 ms, 20 units at 8 kHz.
 */
#define CANDOR_CLOCK_PER_MS 192u
#define CANDOR_BURST_MS	    2000u
#define CANDOR_BACKWARD	    90000u
#define CANDOR_FRAME_UNITS  8u

enum candor_progress {
	CANDOR_IMPLAUSIBLE = 0, /* not a continuation of the stream */
	CANDOR_NEUTRAL,		/* neither for nor against: same frame, other type, decoding order */
	CANDOR_ADVANCES,	/* the next frame */
};

/* How an RTP packet follows the last one of its direction. */
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
	/* Comfort noise (RFC 3389) and tones (RFC 4733) may come in between: neither for nor against. */
	return p->rtp_type == f->rtp_type[dir] ? CANDOR_ADVANCES : CANDOR_NEUTRAL;
}

/* Probation of a plain flow: two packets in sequence when the node sends as well (RFC 3550's MIN_SEQUENTIAL),
 * five when only the peer does. Packets of one frame count as one. */
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

/* Stores the SSRC and the position in the stream: of RTP, and of RTCP only while there is no RTP. */
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

/* Whether both directions have been silent for CANDOR_CALL_GAP_NS. The coarse clock may be behind the time of
 * the last packet. */
CANDOR_INLINE int candor_has_paused(const struct candor_flow *f, __u64 now)
{
	return (__s64)(now - f->last_media_in_ns) >= (__s64)CANDOR_CALL_GAP_NS &&
	       (__s64)(now - f->last_media_out_ns) >= (__s64)CANDOR_CALL_GAP_NS;
}

/*
 * A gateway uses a fixed pair of ports for many calls: RTP with another SSRC after a pause is another call,
 * with the same SSRC it is the same call resumed (after hold, for example). With ICE the ufrag decides
 * instead. The SSRC is compared with that of the first proven stream: a call whose SSRC changed and then
 * paused counts as another call.
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
	/* A flow that the node acknowledged by ICE or DTLS carries media; a plain flow must pass its
	 * probation. */
	if ((f->flags & (CANDOR_F_ACKNOWLEDGED | CANDOR_F_RTP_VALID)) ||
	    candor_passes_probation(f, p, dir, now)) {
		f->flags |= CANDOR_F_RTP_VALID;
		candor_advance_phase(f, CANDOR_PHASE_OFFERED);
	}
	CANDOR_RELOAD();
	candor_note_stream(f, p, dir);
	CANDOR_RELOAD();
	candor_note_report(f, p, now);
	CANDOR_RELOAD();
	f->media_packets[dir] += p->segments;
	f->flags |= dir == CANDOR_IN ? CANDOR_F_MEDIA_IN : CANDOR_F_MEDIA_OUT;
	if ((f->flags & CANDOR_F_MEDIA_OUT) && (f->flags & CANDOR_F_RTP_VALID))
		f->flags |= CANDOR_F_ACKNOWLEDGED;
}

/* Whether a peer that repeated its flight has stopped: it has received the node's answer. */
CANDOR_INLINE int candor_repeats_ended(const struct candor_flow *f, __u64 now)
{
	__s64 took = (__s64)(f->hs_in_ns - f->path_ns);
	__u64 last = took > 0 ? f->hs_in_ns : f->path_ns;

	return (__s64)(now - last) >= (took > 0 ? 2 * took : 0) + (__s64)CANDOR_HS_AGAIN_NS;
}

/* A node sends media only after its handshake, so it has received the peer's Finished. A subscriber may then
 * send nothing for seconds: it is active once it cannot be missing the node's last flight, because its own
 * was the last (the node is the DTLS client) or because it would have repeated it by now. */
CANDOR_INLINE int candor_peer_receives(const struct candor_flow *f, __u64 now)
{
	const __u32 both = CANDOR_F_DTLS_IN | CANDOR_F_DTLS_OUT;

	if (!(f->marks & CANDOR_M_RESUMED) && (f->flags & both) != both)
		return 0;
	if (f->path_ns)
		return candor_repeats_ended(f, now);
	if (f->marks & CANDOR_M_RESUMED)
		return 1; /* it received media before the ICE restart */
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
	/* A waiting listener sends receiver reports, which need no reply: only RTP and data do. */
	if (!out && (f->flags & (CANDOR_F_RTP_IN | CANDOR_F_DATA_IN)))
		candor_set_once(&f->media.node_ns, now);
	if (out && !in)
		candor_set_once(&f->media.peer_ns, now);
	/* Phase none: a plain flow in its probation. */
	if (out && (in || candor_peer_receives(f, now)) && f->phase >= CANDOR_PHASE_OFFERED &&
	    f->phase < CANDOR_PHASE_ACTIVE) {
		f->phase = CANDOR_PHASE_ACTIVE;
		f->active_ns = now;
	}
}

#endif /* CANDOR_FLOW_MEDIA_H */
