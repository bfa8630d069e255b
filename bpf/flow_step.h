/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The flow state machine: pure, one copy for kernel and user space. Input: a flow's state and a packet.
 * Output: the new state and whether it is due as an event. Phases are in README.md. The flow waits on:
 *
 *   unanswered check in                       the node (ice.node_ns)
 *   unanswered check out                      the peer (ice.peer_ns)
 *   the same request again after the answer   the path (path_ns)
 *   handshake progress in / out               the node / the peer, until that side sends its flight (dtls)
 *   media in one direction only               the silent side (media)
 *
 * TURN is in flow_turn.h. The state machine records since when it waits; timeouts belong to user space
 * (sidecar/attempt). Tested in tests/flow/stun_wire_test.cc, tests/flow/dtls_wire_test.cc and
 * tests/flow/media_wire_test.cc, and compared between kernel and user space in
 * tests/bpf/differential_test.cc.
 */
#ifndef CANDOR_FLOW_STEP_H
#define CANDOR_FLOW_STEP_H

#include "bpf/flow_dtls.h"
#include "bpf/flow_ice.h"
#include "bpf/flow_media.h"
#include "bpf/flow_turn.h"

/* Plain RTP does not use well-known ports, and a quarter of all DNS messages resemble it. */
#define CANDOR_PLAIN_PORT_MIN 1024

/* Whether a packet may start a new flow. */
CANDOR_INLINE int candor_may_start(const struct candor_flow_key *k, const struct candor_packet *p)
{
	if (p->flags & CANDOR_P_INNER)
		return 0;
	switch (p->kind) {
	case CANDOR_KIND_STUN:
		return candor_is_check(p) || candor_is_allocate(p);
	case CANDOR_KIND_DTLS:
		return (p->flags & CANDOR_P_CLIENT_HELLO) != 0;
	case CANDOR_KIND_RTP:
	case CANDOR_KIND_RTCP:
		return k->local_port >= CANDOR_PLAIN_PORT_MIN && k->remote_port >= CANDOR_PLAIN_PORT_MIN;
	default:
		return 0;
	}
}

/* The earliest time since when the flow waits on `side`; 0: it does not. */
CANDOR_INLINE __u64 candor_waiting_since(const struct candor_flow *f, enum candor_waiting_on side)
{
	__u64 a, b, c, first = 0;

	if (side == CANDOR_WAITING_ON_PATH)
		return f->path_ns;
	a = side == CANDOR_WAITING_ON_NODE ? f->ice.node_ns : f->ice.peer_ns;
	b = side == CANDOR_WAITING_ON_NODE ? f->dtls.node_ns : f->dtls.peer_ns;
	c = side == CANDOR_WAITING_ON_NODE ? f->media.node_ns : f->media.peer_ns;
	if (a)
		first = a;
	if (b && (!first || b < first))
		first = b;
	if (c && (!first || c < first))
		first = c;
	return first;
}

/* The side that the flow waits on: the node before the path before the peer. */
CANDOR_INLINE __u8 candor_waiting_on_now(const struct candor_flow *f)
{
	if (f->phase == CANDOR_PHASE_ACTIVE)
		return CANDOR_WAITING_ON_NONE;
	if (candor_waiting_since(f, CANDOR_WAITING_ON_NODE))
		return CANDOR_WAITING_ON_NODE;
	if (f->path_ns)
		return CANDOR_WAITING_ON_PATH;
	if (candor_waiting_since(f, CANDOR_WAITING_ON_PEER))
		return CANDOR_WAITING_ON_PEER;
	return CANDOR_WAITING_ON_NONE;
}

/* Whether an event is due for the change since before the step; stores the reported `waiting_on`. */
CANDOR_INLINE int candor_event_due(struct candor_flow *f, __u32 flags, __u16 generation, __u16 marks,
				   __u8 phase)
{
	__u8 waiting_on = candor_waiting_on_now(f);

	if (f->phase == CANDOR_PHASE_NONE)
		return 0;
	if (f->phase != phase || f->generation != generation || ((f->marks ^ marks) & CANDOR_M_EVENT_MASK) ||
	    ((f->flags ^ flags) & CANDOR_F_EVENT_MASK & f->flags)) {
		f->waiting_on = waiting_on;
		return 1;
	}
	/* Every check makes the flow wait on the node briefly: a new side sends an event, the end of a wait
	 * does not. */
	if (waiting_on != CANDOR_WAITING_ON_NONE && waiting_on != f->waiting_on) {
		f->waiting_on = waiting_on;
		return 1;
	}
	return 0;
}

/* Whether the packet belongs to the followed session: packets outside envelopes on a direct flow, inner
 * packets when the node is a TURN client, both when it is a TURN server. */
CANDOR_INLINE int candor_belongs(const struct candor_flow *f, const struct candor_packet *p)
{
	if (f->flags & CANDOR_F_TURN_SERVER)
		return 1;
	return !(f->flags & CANDOR_F_TURN_CLIENT) == !(p->flags & CANDOR_P_INNER);
}

/* A packet of a session, direct or inside an envelope. Returns 0 when its kind does not count. */
CANDOR_INLINE int candor_step_media_path(struct candor_flow *f, const struct candor_packet *p,
					 enum candor_dir dir, __u64 now)
{
	int carries = 0;

	if (p->kind == CANDOR_KIND_STUN)
		candor_step_stun(f, p, dir, now);
	else if (p->kind == CANDOR_KIND_RTP || p->kind == CANDOR_KIND_RTCP)
		candor_step_media(f, p, dir, now);
	else if (p->kind != CANDOR_KIND_DTLS)
		return 0;
	CANDOR_RELOAD();
	if (p->kind == CANDOR_KIND_DTLS || (p->kind == CANDOR_KIND_STUN && (p->flags & CANDOR_P_SPED)))
		carries = candor_step_dtls(f, p, dir, now);
	CANDOR_RELOAD();
	if (carries || p->kind == CANDOR_KIND_RTP || p->kind == CANDOR_KIND_RTCP)
		candor_protected(f, dir, now);
	return 1;
}

/* Advances *f by one packet. Returns 1 when an event is due. */
CANDOR_INLINE int candor_flow_step(struct candor_flow *f, const struct candor_packet *p, enum candor_dir dir,
				   __u64 now)
{
	__u32 flags;
	__u16 generation = f->generation, marks = f->marks;
	__u8 phase = f->phase;

	if (!f->first_ns)
		f->first_ns = now;
	candor_enter_turn_role(f, p, dir);
	candor_leave_turn_role(f, p, now);
	if (!candor_belongs(f, p))
		return 0;
	flags = f->flags;
	if (f->flags & CANDOR_F_TURN_SERVER)
		candor_step_turn_server(f, p, dir, now);
	else if (!candor_step_media_path(f, p, dir, now))
		return 0;
	CANDOR_RELOAD();
	if (dir == CANDOR_IN)
		f->last_in_ns = now;
	else
		f->last_out_ns = now;
	return candor_event_due(f, flags, generation, marks, phase);
}

/* Whether RTP or RTCP of an active flow changes only times and counters. The first RTP of a direction sends
 * an event, RTP after a pause may start another call, and the peer's RTCP is read unless it is encrypted.
 * Reads only the cache line that candor_flow_touch() writes. */
CANDOR_INLINE int candor_only_counts(const struct candor_flow *f, int rtp, enum candor_dir dir, __u64 now)
{
	if (f->phase != CANDOR_PHASE_ACTIVE)
		return 0;
	if (!rtp)
		return dir == CANDOR_OUT || (f->flags & CANDOR_F_ENCRYPTED);
	return (f->flags & (dir == CANDOR_IN ? CANDOR_F_RTP_IN : CANDOR_F_RTP_OUT)) &&
	       !candor_has_paused(f, now);
}

/* Whether candor_flow_touch() is all that this packet needs. */
CANDOR_INLINE int candor_is_steady(const struct candor_flow *f, const struct candor_packet *p,
				   enum candor_dir dir, __u64 now)
{
	return (p->kind == CANDOR_KIND_RTP || p->kind == CANDOR_KIND_RTCP) &&
	       candor_only_counts(f, p->kind == CANDOR_KIND_RTP, dir, now) &&
	       !(f->flags & CANDOR_TURN_ROLES) == !(p->flags & CANDOR_P_INNER);
}

/* The same for media outside an envelope, before the packet is read in full. */
CANDOR_INLINE int candor_is_steady_direct(const struct candor_flow *f, int rtp, enum candor_dir dir,
					  __u64 now)
{
	return !(f->flags & CANDOR_TURN_ROLES) && candor_only_counts(f, rtp, dir, now);
}

/* The effect of candor_flow_step() in that case, without the need for a lock. */
CANDOR_INLINE void candor_flow_touch(struct candor_flow *f, __u32 segments, enum candor_dir dir, __u64 now)
{
	f->media_packets[dir] += segments;
	if (dir == CANDOR_IN) {
		f->last_in_ns = now;
		f->last_media_in_ns = now;
	} else {
		f->last_out_ns = now;
		f->last_media_out_ns = now;
	}
}

#endif /* CANDOR_FLOW_STEP_H */
