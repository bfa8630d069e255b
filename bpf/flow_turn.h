/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * TURN in the flow state machine (RFC 8656), on both sides of it.
 *
 * The node is the server: the flow is a client's 5-tuple, which is what an allocation is known by
 * (section 3.2). Its phases: Allocate in - offered; Allocate answered with success - answered, and the node
 * vouches; a CreatePermission or ChannelBind answered with success - nominated; what is neither an ICE check
 * nor a handshake relayed both ways - active. The checks and handshakes inside are the peers' business: that
 * they pass both ways says that the relay works for packets as small as those. Who owes:
 *
 *   a request not answered (Allocate, Refresh, CreatePermission, ChannelBind)   the node (ice.node_ns)
 *   a request answered with 5xx, e.g. 508 Insufficient Capacity                 the node goes on owing
 *   the same request again after the answer                                     the path (path_ns)
 *   an allocation that is answered and not used                                 nobody: ICE gathers many
 *
 * The first Allocate carries no credentials, so 401 is its normal answer, and 438 asks for a newer nonce
 * (RFC 8489 section 9.2.4): neither refuses anybody. Whether the relayed transport address (relay_port) sends
 * on what the client sends in is seen on other flows: user space compares them (sidecar/attempt/relay.h).
 *
 * The node is the client: a candidate of its own is relayed. The flow goes to the TURN server, the packets
 * inside are the node's and drive the flow like bare ones; requests about the allocation are not part of any
 * attempt.
 *
 * Envelopes of a flow that no Allocate was seen on are counted and left alone: which side is the server is
 * not known. The relayed address's own flow then stands for the attempt.
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

/* The direction of the first Allocate says which side the node is on. What has been an ICE or a media flow
 * does not become a TURN server's because a stranger asks. */
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

/* An Allocate after the old allocation's end: the 5-tuple has a new one. */
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

/* Whether an Allocate success tells what is known: it is then the answer to a retransmission. */
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
	/* 508 is decided after the client's credentials (RFC 8656 section 7.2). */
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

/* Neither an ICE check nor a handshake: what the relay is there for. */
CANDOR_INLINE int candor_is_payload(const struct candor_packet *p)
{
	return p->kind == CANDOR_KIND_DTLS ? (p->flags & CANDOR_P_DATA) != 0 : p->kind != CANDOR_KIND_STUN;
}

/* Of the kinds whose other side is followed, at the relayed address. */
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

/* A flow where somebody once asked for an allocation, got none, and now checks: an ICE flow after all. */
CANDOR_INLINE void candor_leave_turn_role(struct candor_flow *f, const struct candor_packet *p, __u64 now)
{
	if ((f->flags & CANDOR_F_TURN_SERVER) && !(f->flags & CANDOR_F_ACKNOWLEDGED) && candor_is_check(p) &&
	    !(p->flags & CANDOR_P_INNER))
		candor_new_generation(f, now);
}

#endif /* CANDOR_FLOW_TURN_H */
