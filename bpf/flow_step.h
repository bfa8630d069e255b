/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The flow state machine: pure, one copy for kernel and user space. A packet and a flow's state in, the new
 * state and whether anybody needs to hear of it out. Words: design.md "Words"; who owes:
 *
 *   check in, not answered            the node   (ice.node_ns)
 *   check out, not answered           the peer   (ice.peer_ns)
 *   the same request after our answer the path   (path_ns)
 *   handshake progress in / out       the node / the peer until the other side moves (dtls)
 *   media one way, never the other    the silent side (media)
 *
 * Nothing here knows patience: it notes since when, user space says how long is too long.
 */
#ifndef CANDOR_FLOW_STEP_H
#define CANDOR_FLOW_STEP_H

#include "bpf/bytes.h"
#include "bpf/packet.h"

#define CANDOR_HS_EPOCH 256 /* candor_flow.hs once a record of epoch >= 1 was seen */
/* Plain RTP never uses well-known ports, while a quarter of all DNS messages look like it. */
#define CANDOR_PLAIN_PORT_MIN 1024
/* A peer that misses our last flight repeats its own within this time (RFC 6347 section 4.2.4.1). */
#define CANDOR_HS_REPEAT_NS 1000000000ull

CANDOR_INLINE void candor_since(__u64 *since, __u64 now)
{
	if (!*since)
		*since = now;
}

CANDOR_INLINE void candor_count16(__u16 *n)
{
	if (*n < 0xffff)
		(*n)++;
}

CANDOR_INLINE void candor_reach(struct candor_flow *f, __u8 phase)
{
	if (f->phase < phase)
		f->phase = phase;
}

CANDOR_INLINE int candor_is_check(const struct candor_packet *p)
{
	return p->kind == CANDOR_KIND_STUN && p->stun_type == CANDOR_STUN_BINDING &&
	       (p->flags & CANDOR_P_USERNAME);
}

/* Whether a packet may open a flow that is not known yet. */
CANDOR_INLINE int candor_may_start(const struct candor_flow_key *k, const struct candor_packet *p)
{
	switch (p->kind) {
	case CANDOR_KIND_STUN:
		return candor_is_check(p);
	case CANDOR_KIND_DTLS:
		return (p->flags & CANDOR_P_CLIENT_HELLO) != 0;
	case CANDOR_KIND_RTP:
	case CANDOR_KIND_RTCP:
		return k->local_port >= CANDOR_PLAIN_PORT_MIN && k->remote_port >= CANDOR_PLAIN_PORT_MIN;
	default:
		return 0;
	}
}

/* The earliest moment since when `side` owes, 0 when it does not. */
CANDOR_INLINE __u64 candor_owes_since(const struct candor_flow *f, enum candor_owed side)
{
	__u64 a, b, c, first = 0;

	if (side == CANDOR_OWED_PATH)
		return f->path_ns;
	a = side == CANDOR_OWED_NODE ? f->ice.node_ns : f->ice.peer_ns;
	b = side == CANDOR_OWED_NODE ? f->dtls.node_ns : f->dtls.peer_ns;
	c = side == CANDOR_OWED_NODE ? f->media.node_ns : f->media.peer_ns;
	if (a)
		first = a;
	if (b && (!first || b < first))
		first = b;
	if (c && (!first || c < first))
		first = c;
	return first;
}

/* Which side owes now: what the node owes counts before what the path and the peer owe. */
CANDOR_INLINE __u8 candor_owed_now(const struct candor_flow *f)
{
	if (f->phase == CANDOR_PHASE_ACTIVE)
		return CANDOR_OWED_NONE;
	if (candor_owes_since(f, CANDOR_OWED_NODE))
		return CANDOR_OWED_NODE;
	if (f->path_ns)
		return CANDOR_OWED_PATH;
	if (candor_owes_since(f, CANDOR_OWED_PEER))
		return CANDOR_OWED_PEER;
	return CANDOR_OWED_NONE;
}

/* A new ufrag on a known 5-tuple: an ICE restart (RFC 8445 section 9), or the port has a new owner. */
CANDOR_INLINE void candor_new_generation(struct candor_flow *f, const struct candor_packet *p, __u64 now)
{
	__u64 cookie = f->sock_cookie, old = f->ufrag_hash;
	__u16 generation = f->generation;

	__builtin_memset(f, 0, sizeof(*f));
	f->sock_cookie = cookie;
	f->old_ufrag_hash = old;
	f->generation = (__u16)(generation + 1);
	f->ufrag_hash = p->ufrag_hash;
	f->first_ns = now;
}

CANDOR_INLINE void candor_take_ufrag(struct candor_flow *f, const struct candor_packet *p, __u64 now)
{
	if (f->ufrag_hash && f->ufrag_hash != p->ufrag_hash) {
		if (p->ufrag_hash == f->old_ufrag_hash)
			return;
		candor_new_generation(f, p, now);
	}
	if (!f->ufrag_len) {
		f->ufrag_hash = p->ufrag_hash;
		f->ufrag_len = p->ufrag_len;
		__builtin_memcpy(f->ufrag_text, p->ufrag_text, CANDOR_UFRAG_TEXT);
	}
}

CANDOR_INLINE void candor_check_in(struct candor_flow *f, const struct candor_packet *p, __u64 now)
{
	candor_take_ufrag(f, p, now);
	if (p->flags & CANDOR_P_INTEGRITY)
		f->flags |= CANDOR_F_CREDENTIALED;
	candor_reach(f, CANDOR_PHASE_OFFERED);
	candor_count16(&f->checks_in);
	if (p->txid == f->in_txid) {
		if (f->flags & CANDOR_F_CHECK_ANSWERED) {
			candor_since(&f->path_ns, now);
			candor_count16(&f->repeats);
		}
		return;
	}
	f->in_txid = p->txid;
	f->path_ns = 0;
	f->flags &= ~(CANDOR_F_CHECK_ANSWERED | CANDOR_F_NOMINATE_IN);
	if (p->flags & CANDOR_P_USE_CANDIDATE)
		f->flags |= CANDOR_F_NOMINATE_IN;
	candor_since(&f->ice.node_ns, now);
}

CANDOR_INLINE void candor_check_out(struct candor_flow *f, const struct candor_packet *p, __u64 now)
{
	candor_take_ufrag(f, p, now);
	f->flags |= CANDOR_F_NODE_CHECKS;
	candor_reach(f, CANDOR_PHASE_OFFERED);
	if (p->txid == f->out_txid)
		return;
	f->out_txid = p->txid;
	f->flags &= ~CANDOR_F_NOMINATE_OUT;
	if (p->flags & CANDOR_P_USE_CANDIDATE)
		f->flags |= CANDOR_F_NOMINATE_OUT;
	candor_since(&f->ice.peer_ns, now);
}

/* The node answers: it has verified the check's credentials, so the attempt is real. */
CANDOR_INLINE void candor_success_out(struct candor_flow *f, const struct candor_packet *p, __u64 now)
{
	f->flags |= CANDOR_F_VOUCHED;
	candor_count16(&f->checks_answered);
	candor_reach(f, CANDOR_PHASE_ANSWERED);
	if (p->txid == f->in_txid) {
		f->flags |= CANDOR_F_CHECK_ANSWERED;
		f->ice.node_ns = 0;
		if (f->flags & CANDOR_F_NOMINATE_IN)
			candor_reach(f, CANDOR_PHASE_NOMINATED);
	} else if (f->ice.node_ns) {
		f->ice.node_ns = now; /* an older check's answer: alive, and the newest is still owed */
	}
}

/* The peer answers the node's own check. */
CANDOR_INLINE void candor_success_in(struct candor_flow *f, const struct candor_packet *p)
{
	if (p->txid != f->out_txid)
		return;
	f->flags |= CANDOR_F_PEER_ANSWERED | CANDOR_F_VOUCHED;
	f->ice.peer_ns = 0;
	candor_reach(f, CANDOR_PHASE_ANSWERED);
	if (f->flags & CANDOR_F_NOMINATE_OUT)
		candor_reach(f, CANDOR_PHASE_NOMINATED);
}

CANDOR_INLINE void candor_stun_failure(struct candor_flow *f, const struct candor_packet *p,
				       enum candor_dir dir)
{
	if (p->txid != (dir == CANDOR_OUT ? f->in_txid : f->out_txid))
		return;
	f->stun_error = p->stun_error;
	if (dir == CANDOR_OUT) {
		f->flags |= CANDOR_F_STUN_ERROR_OUT | CANDOR_F_CHECK_ANSWERED;
		f->ice.node_ns = 0;
	} else {
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

/* The handshake is over when records of epoch >= 1 went both ways. */
CANDOR_INLINE int candor_secured(const struct candor_flow *f)
{
	return (f->flags & (CANDOR_F_EPOCH_IN | CANDOR_F_EPOCH_OUT)) ==
	       (CANDOR_F_EPOCH_IN | CANDOR_F_EPOCH_OUT);
}

/* One side's flight. `mark` above what it had sent before is progress; the same again is a repeat, and a
 * repeat by the peer after our answer says that the path ate the answer. */
CANDOR_INLINE void candor_flight(struct candor_flow *f, enum candor_dir dir, __u16 mark, __u64 now)
{
	int progress = mark > f->hs[dir];

	if (dir == CANDOR_IN)
		f->hs_in_ns = now;
	if (progress)
		f->hs[dir] = mark;
	if (dir == CANDOR_OUT) {
		f->flags |= CANDOR_F_HS_ANSWERED;
		f->dtls.node_ns = 0;
		candor_since(&f->dtls.peer_ns, now);
	} else if (progress) {
		f->flags &= ~CANDOR_F_HS_ANSWERED;
		f->dtls.peer_ns = 0;
		f->path_ns = 0;
		candor_since(&f->dtls.node_ns, now);
	} else if (f->flags & CANDOR_F_HS_ANSWERED) {
		candor_since(&f->path_ns, now);
		candor_count16(&f->repeats);
	}
}

CANDOR_INLINE void candor_alert(struct candor_flow *f, const struct candor_packet *p, enum candor_dir dir)
{
	if (f->phase == CANDOR_PHASE_ACTIVE) {
		/* Encrypted: close_notify or worse, either way the peer's last word. */
		if (dir == CANDOR_IN)
			f->flags |= CANDOR_F_CLOSED_IN;
		return;
	}
	f->flags |= dir == CANDOR_IN ? CANDOR_F_ALERT_IN : CANDOR_F_ALERT_OUT;
	f->alert = p->alert;
	f->dtls.node_ns = 0;
	f->dtls.peer_ns = 0;
}

CANDOR_INLINE void candor_step_dtls(struct candor_flow *f, const struct candor_packet *p, enum candor_dir dir,
				    __u64 now)
{
	int was_secured = candor_secured(f);
	int hidden = (p->flags & CANDOR_P_UNIFIED) && !(f->flags & (CANDOR_F_DTLS_IN | CANDOR_F_DTLS_OUT));

	if (hidden && !(f->flags & CANDOR_F_SPED))
		return; /* 0x20-0x3f is also plain text: without a handshake it means nothing */
	candor_reach(f, CANDOR_PHASE_OFFERED);
	if (p->flags & (CANDOR_P_HANDSHAKE | CANDOR_P_EPOCH)) {
		f->flags |= dir == CANDOR_IN ? CANDOR_F_DTLS_IN : CANDOR_F_DTLS_OUT;
		/* HelloVerifyRequest goes to anybody who asks (RFC 6347 section 4.2.1). */
		if (dir == CANDOR_OUT && !(p->flags & (CANDOR_P_VERIFY_REQUEST | CANDOR_P_CLIENT_HELLO)))
			f->flags |= CANDOR_F_VOUCHED;
	}
	if (p->flags & CANDOR_P_CLIENT_HELLO)
		f->flags |= dir == CANDOR_IN ? CANDOR_F_PEER_CLIENT : CANDOR_F_NODE_CLIENT;
	if (p->flags & CANDOR_P_EPOCH)
		f->flags |= dir == CANDOR_IN ? CANDOR_F_EPOCH_IN : CANDOR_F_EPOCH_OUT;
	/* Afterwards nobody owes a flight, and only the plaintext part of one tells a repeat from data. */
	if (was_secured ? dir == CANDOR_IN && (p->flags & CANDOR_P_HANDSHAKE) :
			  (p->flags & (CANDOR_P_HANDSHAKE | CANDOR_P_EPOCH)) != 0)
		candor_flight(f, dir, (p->flags & CANDOR_P_EPOCH) ? CANDOR_HS_EPOCH : p->hs, now);
	if ((p->flags & CANDOR_P_DATA) && (was_secured || !(p->flags & CANDOR_P_UNIFIED)))
		f->flags |= dir == CANDOR_IN ? CANDOR_F_DATA_IN : CANDOR_F_DATA_OUT;
	if (candor_secured(f) && !was_secured) {
		f->dtls.node_ns = 0;
		f->dtls.peer_ns = 0;
		f->path_ns = 0;
		candor_reach(f, CANDOR_PHASE_SECURED);
	}
	if (p->flags & CANDOR_P_ALERT)
		candor_alert(f, p, dir);
}

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

	f->rtp_run[dir] = candor_in_sequence(f, p, dir) ? (__u8)(f->rtp_run[dir] < 255 ? f->rtp_run[dir] + 1 : 255)
							: 0;
	both = (f->flags & CANDOR_F_MEDIA_OUT) || dir == CANDOR_OUT;
	return f->rtp_run[0] >= (both ? 1 : 4) || f->rtp_run[1] >= 1;
}

CANDOR_INLINE void candor_step_media(struct candor_flow *f, const struct candor_packet *p, enum candor_dir dir,
				     __u64 now)
{
	int ours = f->ufrag_hash || (f->flags & (CANDOR_F_DTLS_IN | CANDOR_F_DTLS_OUT));

	if (!f->first_ns)
		f->first_ns = now;
	if (p->kind == CANDOR_KIND_RTP)
		f->flags |= CANDOR_F_RTP_SEEN;
	/* With ICE or DTLS the 5-tuple is known to be media; a plain one must prove it. */
	if (ours || (f->flags & CANDOR_F_RTP_VALID) || candor_proven(f, p, dir)) {
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
 * subscriber may say nothing more for seconds: it is active once it cannot be missing our last flight, because
 * its own came last (the node is the DTLS client), or because it would have repeated it by now. */
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

/* Whether the change from what was last told is worth an event; notes what is told. */
CANDOR_INLINE int candor_worth_telling(struct candor_flow *f, __u32 flags, __u16 generation, __u8 phase)
{
	__u8 owed = candor_owed_now(f);

	if (f->phase == CANDOR_PHASE_NONE)
		return 0;
	if (f->phase != phase || f->generation != generation ||
	    ((f->flags ^ flags) & CANDOR_F_EVENT_MASK & f->flags)) {
		f->owed = owed;
		return 1;
	}
	/* Every check makes the node owe for a moment: only a new debtor is news, not a debt paid. */
	if (owed != CANDOR_OWED_NONE && owed != f->owed) {
		f->owed = owed;
		return 1;
	}
	return 0;
}

/* Advances *f by one packet. Returns 1 when an event is due. */
CANDOR_INLINE int candor_flow_step(struct candor_flow *f, const struct candor_packet *p, enum candor_dir dir,
				   __u64 now)
{
	__u32 flags = f->flags;
	__u16 generation = f->generation;
	__u8 phase = f->phase;

	if (!f->first_ns)
		f->first_ns = now;
	if (p->kind == CANDOR_KIND_STUN)
		candor_step_stun(f, p, dir, now);
	else if (p->kind == CANDOR_KIND_DTLS)
		candor_step_dtls(f, p, dir, now);
	else if (p->kind == CANDOR_KIND_RTP || p->kind == CANDOR_KIND_RTCP)
		candor_step_media(f, p, dir, now);
	else
		return 0;
	if (dir == CANDOR_IN)
		f->last_in_ns = now;
	else
		f->last_out_ns = now;
	if (p->kind == CANDOR_KIND_RTP || p->kind == CANDOR_KIND_RTCP || (p->flags & CANDOR_P_DATA))
		candor_protected(f, dir, now);
	return candor_worth_telling(f, flags, generation, phase);
}

/* A packet of an active flow that can only move clocks and counters: the fast path's question. */
CANDOR_INLINE int candor_is_steady(const struct candor_flow *f, const struct candor_packet *p)
{
	return f->phase == CANDOR_PHASE_ACTIVE && (p->kind == CANDOR_KIND_RTP || p->kind == CANDOR_KIND_RTCP);
}

/* What candor_flow_step() does to such a flow, without anything that needs a lock. */
CANDOR_INLINE void candor_flow_touch(struct candor_flow *f, const struct candor_packet *p, enum candor_dir dir,
				     __u64 now)
{
	f->media_packets[dir] += p->segments;
	if (dir == CANDOR_IN) {
		f->last_in_ns = now;
		f->last_media_in_ns = now;
	} else {
		f->last_out_ns = now;
		f->last_media_out_ns = now;
	}
}

#endif /* CANDOR_FLOW_STEP_H */
