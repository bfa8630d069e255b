/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * TURN in the flow state machine (RFC 8656), in both roles of the node. Tested in
 * tests/bpf/turn_program_test.cc and tests/attempt.
 *
 * The node is the server: the flow is a client's 5-tuple, which identifies an allocation (section 3.2). Its
 * phases: offered - Allocate in; answered - Allocate success, which acknowledges the client; nominated -
 * CreatePermission or ChannelBind success; active - packets other than ICE checks and handshakes relayed both
 * ways. The checks and handshakes inside belong to the peers: that they pass shows only that the relay works
 * for small packets. The flow waits on:
 *
 *   unanswered Allocate, Refresh, CreatePermission, ChannelBind         the node (ice.node_ns)
 *   a request answered with 5xx, for example 508 Insufficient Capacity  the node, still
 *   the same request again after the answer                             the path (path_ns)
 *   an allocation that is answered and unused                           no side: ICE gathers many
 *
 * The first Allocate has no credentials, so 401 is its normal answer, and 438 asks for a newer nonce (RFC
 * 8489 section 9.2.4): neither is a refusal. Whether the relayed transport address (relay_port) forwards what
 * the client sends shows on other flows; user space compares them (sidecar/attempt/relay.h).
 *
 * The node is the client: it uses a relayed candidate. The flow's remote end is the TURN server. The packets
 * inside are the node's session and drive the flow as direct ones do; requests about the allocation do not.
 *
 * Envelopes of a flow without an observed Allocate are only counted: the server side is unknown. The flow of
 * the relayed address represents the attempt then.
 */
#ifndef CANDOR_FLOW_TURN_H
#define CANDOR_FLOW_TURN_H

#include "bpf/flow_common.h"

#define CANDOR_TURN_ROLES (CANDOR_F_TURN_SERVER | CANDOR_F_TURN_CLIENT)

CANDOR_INLINE int candor_is_allocate(const struct candor_packet *p)
{
	return p->kind == CANDOR_KIND_STUN && p->stun_type == CANDOR_TURN_ALLOCATE &&
	       !(p->flags & CANDOR_P_INNER);
}

/* The direction of the first Allocate determines the node's role. An ICE or media flow does not become a TURN
 * server's flow by an incoming Allocate. */
CANDOR_INLINE void candor_enter_turn_role(struct candor_flow *f, const struct candor_packet *p,
					  enum candor_dir dir)
{
	if ((f->flags & CANDOR_TURN_ROLES) || !candor_is_allocate(p))
		return;
	if (dir == CANDOR_OUT)
		f->flags |= CANDOR_F_TURN_CLIENT;
	else if (f->phase == CANDOR_PHASE_NONE && !f->ufrag_hash)
		f->flags |= CANDOR_F_TURN_SERVER | CANDOR_F_BEGAN;
}

/* An Allocate after the end of an allocation starts a new one on the 5-tuple. */
CANDOR_INLINE void candor_new_allocation(struct candor_flow *f, __u64 now)
{
	candor_new_generation(f, now);
	f->flags |= CANDOR_F_TURN_SERVER | CANDOR_F_BEGAN;
}

CANDOR_INLINE void candor_turn_request(struct candor_flow *f, const struct candor_packet *p, __u16 method,
				       __u64 now)
{
	if (method == CANDOR_TURN_ALLOCATE && (f->flags & CANDOR_F_CLOSED_IN))
		candor_new_allocation(f, now);
	if (p->flags & CANDOR_P_INTEGRITY)
		f->flags |= CANDOR_F_CREDENTIALED;
	if (candor_request_in(f, p, now)) {
		f->check_tick[CANDOR_IN] = CANDOR_TICK(now);
		f->path_ns = 0;
	}
	if (method == CANDOR_TURN_REFRESH && (p->flags & CANDOR_P_RELEASE))
		f->flags |= CANDOR_F_CLOSED_IN;
}

/* Whether an Allocate success repeats the known addresses: the answer to a retransmission. */
CANDOR_INLINE int candor_same_relay(const struct candor_flow *f, const struct candor_packet *p)
{
	return f->relay_port[0] == p->relay_port[0] && f->relay_port[1] == p->relay_port[1];
}

CANDOR_INLINE void candor_turn_success(struct candor_flow *f, const struct candor_packet *p, __u16 method,
				       __u64 now)
{
	__u16 credentialed = (f->flags & CANDOR_F_CREDENTIALED) != 0;

	if (method == CANDOR_TURN_ALLOCATE) {
		if (f->phase >= CANDOR_PHASE_ANSWERED && !candor_same_relay(f, p)) {
			candor_new_allocation(f, now);
			f->in_txid = p->txid;
			f->flags |= credentialed ? CANDOR_F_CREDENTIALED : 0;
		}
		__builtin_memcpy(f->relay_port, p->relay_port, sizeof(f->relay_port));
		__builtin_memcpy(f->relay_head, p->relay_head, sizeof(f->relay_head));
		candor_advance_phase(f, CANDOR_PHASE_ANSWERED);
	} else if (method != CANDOR_TURN_REFRESH && f->phase >= CANDOR_PHASE_ANSWERED) {
		candor_advance_phase(f, CANDOR_PHASE_NOMINATED);
	}
	f->flags |= CANDOR_F_ACKNOWLEDGED;
	candor_answer_out(f, p, now);
}

CANDOR_INLINE void candor_turn_error(struct candor_flow *f, const struct candor_packet *p)
{
	int asks_for_credentials = p->stun_error == 401 && !(f->flags & CANDOR_F_CREDENTIALED);

	if (p->txid != f->in_txid)
		return;
	if (asks_for_credentials || p->stun_error == 438) {
		f->flags |= CANDOR_F_CHECK_ANSWERED;
		f->ice.node_ns = 0;
		return;
	}
	/* The server checks the credentials before it answers 508 (RFC 8656 section 7.2). */
	if (p->stun_error == 508 && (f->flags & CANDOR_F_CREDENTIALED))
		f->flags |= CANDOR_F_ACKNOWLEDGED;
	candor_error_out(f, p);
}

CANDOR_INLINE void candor_turn_message(struct candor_flow *f, const struct candor_packet *p,
				       enum candor_dir dir, __u64 now)
{
	__u16 method = (__u16)(p->stun_type & ~CANDOR_STUN_CLASS);

	if (method != CANDOR_TURN_ALLOCATE && method != CANDOR_TURN_REFRESH && method != CANDOR_TURN_PERMIT &&
	    method != CANDOR_TURN_CHANNEL)
		return;
	switch (p->stun_type & CANDOR_STUN_CLASS) {
	case CANDOR_STUN_REQUEST:
		if (dir == CANDOR_IN)
			candor_turn_request(f, p, method, now);
		break;
	case CANDOR_STUN_SUCCESS:
		if (dir == CANDOR_OUT)
			candor_turn_success(f, p, method, now);
		break;
	case CANDOR_STUN_ERROR:
		if (dir == CANDOR_OUT)
			candor_turn_error(f, p);
		break;
	}
}

/* Neither an ICE check nor a handshake: media or data. */
CANDOR_INLINE int candor_is_payload(const struct candor_packet *p)
{
	return p->kind == CANDOR_KIND_DTLS ? (p->flags & CANDOR_P_DATA) != 0 : p->kind != CANDOR_KIND_STUN;
}

/* A kind that is followed at the relayed address too. */
CANDOR_INLINE int candor_is_followed_kind(const struct candor_packet *p)
{
	return p->kind == CANDOR_KIND_STUN || p->kind == CANDOR_KIND_DTLS || p->kind == CANDOR_KIND_RTP ||
	       p->kind == CANDOR_KIND_RTCP;
}

CANDOR_INLINE void candor_relayed(struct candor_flow *f, const struct candor_packet *p, enum candor_dir dir,
				  __u64 now)
{
	const __u32 both = CANDOR_F_MEDIA_IN | CANDOR_F_MEDIA_OUT;

	if (f->phase < CANDOR_PHASE_ANSWERED)
		return; /* without an allocation the server drops it (section 11.3) */
	if (candor_is_followed_kind(p)) {
		if (dir == CANDOR_IN) {
			f->flags |= CANDOR_F_TURN_USED;
			f->last_media_in_ns = now;
		} else {
			f->last_media_out_ns = now;
		}
	}
	if (!candor_is_payload(p))
		return;
	f->media_packets[dir] += p->segments;
	f->flags |= dir == CANDOR_IN ? CANDOR_F_MEDIA_IN | CANDOR_F_TURN_USED : CANDOR_F_MEDIA_OUT;
	if (p->kind == CANDOR_KIND_RTP)
		f->flags |= dir == CANDOR_IN ? CANDOR_F_RTP_IN : CANDOR_F_RTP_OUT;
	if ((f->flags & both) == both && f->phase < CANDOR_PHASE_ACTIVE) {
		f->phase = CANDOR_PHASE_ACTIVE;
		f->active_ns = now;
	}
}

CANDOR_INLINE void candor_step_turn_server(struct candor_flow *f, const struct candor_packet *p,
					   enum candor_dir dir, __u64 now)
{
	if (p->flags & CANDOR_P_INNER)
		candor_relayed(f, p, dir, now);
	else if (p->kind == CANDOR_KIND_STUN)
		candor_turn_message(f, p, dir, now);
}

/* An Allocate in that was not acknowledged, and now an ICE check: an ICE flow. */
CANDOR_INLINE void candor_leave_turn_role(struct candor_flow *f, const struct candor_packet *p, __u64 now)
{
	if ((f->flags & CANDOR_F_TURN_SERVER) && !(f->flags & CANDOR_F_ACKNOWLEDGED) && candor_is_check(p) &&
	    !(p->flags & CANDOR_P_INNER))
		candor_new_generation(f, now);
}

#endif /* CANDOR_FLOW_TURN_H */
