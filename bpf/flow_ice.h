/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ICE in the flow state machine (RFC 8445 sections 7 and 9): checks, answers, nomination, restart.
 */
#ifndef CANDOR_FLOW_ICE_H
#define CANDOR_FLOW_ICE_H

#include "bpf/flow_common.h"

CANDOR_INLINE int candor_is_check(const struct candor_packet *p)
{
	return p->kind == CANDOR_KIND_STUN && p->stun_type == CANDOR_STUN_BINDING &&
	       (p->flags & CANDOR_P_USERNAME);
}

/*
 * Two different checks of one direction within 0.7 s belong to a new pair, which is checked
 * every 50 ms (Ta, RFC 8445 section 14.2) up to RTO >= 500 ms, by libwebrtc within 480 ms, by pion every 200
 * ms. A pair in use is checked every 900 to 2500 ms (libwebrtc), 2 s (pion), 4 to 6 s (RFC 7675 section 5.1).
 */
#define CANDOR_BEGIN_TICKS 668u

CANDOR_INLINE void candor_note_check_interval(struct candor_flow *f, enum candor_dir dir, __u64 now)
{
	__u32 tick = CANDOR_TICK(now), last = f->check_tick[dir];

	if (last && tick - last < CANDOR_BEGIN_TICKS)
		f->flags |= CANDOR_F_BEGAN;
	f->check_tick[dir] = tick;
}

/* Whether a repetition of the last check of this direction is a duplicate (CANDOR_COPY_NS). */
CANDOR_INLINE int candor_is_copy(const struct candor_flow *f, enum candor_dir dir, __u64 now)
{
	__u32 last = f->check_tick[dir];

	return last && (__s32)(CANDOR_TICK(now) - last) <= (__s32)(CANDOR_COPY_NS >> 20);
}

/* The last check of this direction was repeated. On an unanswered pair that shows its beginning: the check is
 * one of its first. On a pair in use it does not: consent uses a new id each time (RFC 7675 section 5.1), but
 * libnice repeats a check whose answer is lost. */
CANDOR_INLINE void candor_note_resent(struct candor_flow *f, enum candor_dir dir)
{
	if ((__s32)(f->check_tick[dir] - CANDOR_TICK(f->first_ns)) < (__s32)CANDOR_BEGIN_TICKS)
		f->flags |= CANDOR_F_BEGAN;
}

/* A new ufrag on a known 5-tuple: an ICE restart (RFC 8445 section 9), or a new session on the same ports. */
CANDOR_INLINE void candor_new_generation(struct candor_flow *f, __u64 now)
{
	__u32 role = f->flags & CANDOR_F_TURN_CLIENT; /* the TURN server stays the same */
	__u64 cookie = f->sock_cookie, cgroup = f->cgroup_id, old = f->ufrag_hash;
	__u16 generation = f->generation;

	__builtin_memset(f, 0, sizeof(*f));
	f->sock_cookie = cookie;
	f->cgroup_id = cgroup;
	f->old_ufrag_hash = old;
	f->generation = (__u16)(generation + 1);
	f->flags = role;
	f->first_ns = now;
}

#define CANDOR_CONSENT_NS 30000000000ull /* silence that ends a session (RFC 7675 section 5.1) */

/* Whether the flow's session continues with the new ufrag, as far as the packets show. */
CANDOR_INLINE int candor_session_continues(const struct candor_flow *f, __u64 now)
{
	if (f->flags & CANDOR_F_CLOSED_IN || f->marks & CANDOR_M_CLOSED_OUT)
		return 0;
	if (f->phase != CANDOR_PHASE_ACTIVE && !(f->marks & CANDOR_M_RESUMED))
		return 0;
	return now - f->last_in_ns < CANDOR_CONSENT_NS && now - f->last_out_ns < CANDOR_CONSENT_NS;
}

CANDOR_INLINE void candor_take_ufrag(struct candor_flow *f, const struct candor_packet *p, __u64 now)
{
	int goes_on;

	if (f->ufrag_hash && f->ufrag_hash != p->ufrag_hash) {
		/* The two directions show different parts of a name longer than the bytes read. */
		if (p->ufrag_hash == f->old_ufrag_hash || (p->flags & CANDOR_P_USERNAME_CUT))
			return;
		goes_on = candor_session_continues(f, now);
		candor_new_generation(f, now);
		f->flags |= CANDOR_F_BEGAN;
		f->marks = goes_on ? CANDOR_M_RESUMED : 0;
	}
	if (!f->ufrag_len) {
		f->ufrag_hash = p->ufrag_hash;
		f->ufrag_len = p->ufrag_len;
		__builtin_memcpy(f->ufrag_text, p->ufrag_text, CANDOR_UFRAG_TEXT);
	}
}

/* A request in. Returns 0 when it repeats the last one; after the node's answer the path has lost that
 * answer. */
CANDOR_INLINE int candor_request_in(struct candor_flow *f, const struct candor_packet *p, __u64 now)
{
	int again = p->txid == f->in_txid;

	candor_advance_phase(f, CANDOR_PHASE_OFFERED);
	if (again && candor_is_copy(f, CANDOR_IN, now))
		return 0;
	candor_increment16(&f->checks_in);
	if (again) {
		candor_note_resent(f, CANDOR_IN);
		if (f->flags & CANDOR_F_CHECK_ANSWERED) {
			candor_set_once(&f->path_ns, now);
			candor_increment16(&f->repeats);
		}
		return 0;
	}
	f->in_txid = p->txid;
	f->flags &= ~CANDOR_F_CHECK_ANSWERED;
	candor_set_once(&f->ice.node_ns, now);
	return 1;
}

CANDOR_INLINE void candor_check_in(struct candor_flow *f, const struct candor_packet *p, __u64 now)
{
	candor_take_ufrag(f, p, now);
	if (p->flags & CANDOR_P_INTEGRITY)
		f->flags |= CANDOR_F_CREDENTIALED;
	if (!candor_request_in(f, p, now))
		return;
	candor_note_check_interval(f, CANDOR_IN, now);
	/* From the handshake on path_ns belongs to the handshake: a consent check does not clear it. */
	if (!(f->flags & (CANDOR_F_DTLS_IN | CANDOR_F_DTLS_OUT)))
		f->path_ns = 0;
	f->flags &= ~CANDOR_F_NOMINATE_IN;
	if (p->flags & CANDOR_P_USE_CANDIDATE)
		f->flags |= CANDOR_F_NOMINATE_IN;
}

CANDOR_INLINE void candor_check_out(struct candor_flow *f, const struct candor_packet *p, __u64 now)
{
	candor_take_ufrag(f, p, now);
	f->flags |= CANDOR_F_NODE_CHECKS;
	candor_advance_phase(f, CANDOR_PHASE_OFFERED);
	if (p->txid == f->out_txid) {
		if (!candor_is_copy(f, CANDOR_OUT, now))
			candor_note_resent(f, CANDOR_OUT);
		return;
	}
	f->out_txid = p->txid;
	candor_note_check_interval(f, CANDOR_OUT, now);
	f->flags &= ~CANDOR_F_NOMINATE_OUT;
	if (p->flags & CANDOR_P_USE_CANDIDATE)
		f->flags |= CANDOR_F_NOMINATE_OUT;
	candor_set_once(&f->ice.peer_ns, now);
}

/* A success out ends the wait for the node. Returns 1 when it answers the newest request. */
CANDOR_INLINE int candor_answer_out(struct candor_flow *f, const struct candor_packet *p, __u64 now)
{
	candor_increment16(&f->checks_answered);
	if (p->txid == f->in_txid) {
		f->flags |= CANDOR_F_CHECK_ANSWERED;
		f->ice.node_ns = 0;
		return 1;
	}
	if (f->ice.node_ns)
		f->ice.node_ns = now; /* the answer to an older request: the newest is still unanswered */
	return 0;
}

/* The node has verified the check's credentials: it acknowledges the attempt. */
CANDOR_INLINE void candor_success_out(struct candor_flow *f, const struct candor_packet *p, __u64 now)
{
	f->flags |= CANDOR_F_ACKNOWLEDGED;
	candor_advance_phase(f, CANDOR_PHASE_ANSWERED);
	if (candor_answer_out(f, p, now) && (f->flags & CANDOR_F_NOMINATE_IN))
		candor_advance_phase(f, CANDOR_PHASE_NOMINATED);
}

/* The node answers its newest request with an error. 3xx and 4xx (RFC 8489 section 14.8) are caused by the
 * sender and end the wait. 5xx is a failure of the node: the flow goes on waiting for it, and a response with
 * integrity, which needs verified credentials (section 9), acknowledges the attempt too. */
CANDOR_INLINE void candor_error_out(struct candor_flow *f, const struct candor_packet *p)
{
	f->stun_error = p->stun_error;
	f->flags |= CANDOR_F_STUN_ERROR_OUT;
	if (p->stun_error >= 500) {
		if (p->flags & CANDOR_P_INTEGRITY)
			f->flags |= CANDOR_F_ACKNOWLEDGED;
		return;
	}
	f->flags |= CANDOR_F_CHECK_ANSWERED;
	f->ice.node_ns = 0;
}

/* The peer answers the node's own check. */
CANDOR_INLINE void candor_success_in(struct candor_flow *f, const struct candor_packet *p)
{
	if (p->txid != f->out_txid)
		return;
	f->flags |= CANDOR_F_PEER_ANSWERED | CANDOR_F_ACKNOWLEDGED;
	f->ice.peer_ns = 0;
	candor_advance_phase(f, CANDOR_PHASE_ANSWERED);
	if (f->flags & CANDOR_F_NOMINATE_OUT)
		candor_advance_phase(f, CANDOR_PHASE_NOMINATED);
}

CANDOR_INLINE void candor_stun_failure(struct candor_flow *f, const struct candor_packet *p,
				       enum candor_dir dir)
{
	if (p->txid != (dir == CANDOR_OUT ? f->in_txid : f->out_txid))
		return;
	if (dir == CANDOR_OUT) {
		candor_error_out(f, p);
	} else {
		f->stun_error = p->stun_error;
		f->flags |= CANDOR_F_STUN_ERROR_IN;
		f->ice.peer_ns = 0;
	}
}

CANDOR_INLINE void candor_step_stun(struct candor_flow *f, const struct candor_packet *p, enum candor_dir dir,
				    __u64 now)
{
	if (p->flags & CANDOR_P_SPED)
		f->flags |= CANDOR_F_SPED;
	if (candor_is_check(p)) {
		if (dir == CANDOR_IN)
			candor_check_in(f, p, now);
		else
			candor_check_out(f, p, now);
		return;
	}
	if (p->stun_type == (CANDOR_STUN_BINDING | CANDOR_STUN_SUCCESS)) {
		if (dir == CANDOR_OUT)
			candor_success_out(f, p, now);
		else
			candor_success_in(f, p);
	} else if (p->stun_type == (CANDOR_STUN_BINDING | CANDOR_STUN_ERROR)) {
		candor_stun_failure(f, p, dir);
	}
}

#endif /* CANDOR_FLOW_ICE_H */
