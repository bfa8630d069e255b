/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The DTLS handshake in the flow state machine: whose flight is due, repetitions, alerts, application data.
 *
 * The handshake is over, at the same point in each version:
 * - DTLS 1.2: when records of epoch >= 1 went both ways (the two Finished);
 * - DTLS 1.3: when the client has sent its flight of epoch 2 and the server any record of epoch 3, at least
 * the ACK of that flight (RFC 9147 section 7.1); the server's own flight of epoch 2 does not end it;
 * - DTLS in STUN: as 1.3, or when the server acknowledges the client's flight in an attribute.
 * ACKs and alerts of epoch 2 (recognised by length, dtls.h) are not flights: the flow goes on waiting for a
 * peer that sends nothing else. ACKs, alerts, KeyUpdates and tickets of epoch 3 are not data. When the roles
 * are unknown (an ICE restart during the session, a probe that started late) a protected record of either
 * side counts as its last flight.
 */
#ifndef CANDOR_FLOW_DTLS_H
#define CANDOR_FLOW_DTLS_H

#include "bpf/flow_common.h"

#define CANDOR_HS_EPOCH	    256 /* candor_flow.hs once a record of epoch >= 1 was seen */
#define CANDOR_TICKET_TICKS 20u /* 21 ms: a server sends its tickets with the ACK of the client's flight */
#define CANDOR_SPED_RTT_TICK                                                                                 \
	477u /* 500 ms: checks repeat a flight at their own rate until its answer arrives */

/* The handshake is over when both sides have finished their part. */
CANDOR_INLINE int candor_secured(const struct candor_flow *f)
{
	return (f->flags & (CANDOR_F_EPOCH_IN | CANDOR_F_EPOCH_OUT)) ==
	       (CANDOR_F_EPOCH_IN | CANDOR_F_EPOCH_OUT);
}

/* Whether the sender is the DTLS server, by the ClientHello of the other side. */
CANDOR_INLINE int candor_is_server(const struct candor_flow *f, enum candor_dir dir)
{
	return (f->flags & (CANDOR_F_PEER_CLIENT | CANDOR_F_NODE_CLIENT)) ==
	       (dir == CANDOR_IN ? CANDOR_F_NODE_CLIENT : CANDOR_F_PEER_CLIENT);
}

/* A flight that is repeated after the node's answer. Inside STUN it comes with every check until the answer
 * can have arrived; only a repetition after that shows the answer's loss. */
CANDOR_INLINE void candor_flight_again(struct candor_flow *f, const struct candor_packet *p, __u64 now)
{
	if (p->kind == CANDOR_KIND_STUN && CANDOR_TICK(now) - f->hs_tick < CANDOR_SPED_RTT_TICK)
		return;
	candor_set_once(&f->path_ns, now);
	candor_increment16(&f->repeats);
}

/* Progress of the peer: whether its flight has come to the node as a whole. Only in DTLS 1.2, whose flights
 * show their end; what a repetition fills in is not followed. */
CANDOR_INLINE void candor_note_whole(struct candor_flow *f, const struct candor_packet *p)
{
	int ends = (p->flags & CANDOR_P_HS_END) ||
		   ((p->flags & (CANDOR_P_EPOCH | CANDOR_P_UNIFIED)) == CANDOR_P_EPOCH);

	if (p->hs_from > f->hs[CANDOR_IN] + 1)
		f->marks |= CANDOR_M_HS_GAP;
	if (ends && !(f->marks & CANDOR_M_HS_GAP))
		f->marks |= CANDOR_M_HS_WHOLE;
	else
		f->marks &= (__u16)~CANDOR_M_HS_WHOLE;
}

/* The node repeats its flight although the peer's next one has come as a whole: that is no answer. Of a part
 * of a flight it asks for the rest. */
CANDOR_INLINE int candor_ignores_flight(const struct candor_flow *f)
{
	return f->dtls.node_ns && (f->marks & CANDOR_M_HS_WHOLE);
}

/* One side's flight. A higher mark than before is progress, the same mark is a repetition. A repetition by
 * the peer after the node's answer shows that the path lost the answer. */
CANDOR_INLINE void candor_flight(struct candor_flow *f, const struct candor_packet *p, enum candor_dir dir,
				 __u64 now)
{
	__u16 mark = (p->flags & CANDOR_P_EPOCH) ? CANDOR_HS_EPOCH : p->hs;
	int progress = mark > f->hs[dir];
	int copy = (__s64)(now - f->hs_in_ns) < (__s64)CANDOR_COPY_NS;

	if (dir == CANDOR_IN)
		f->hs_in_ns = now;
	if (progress && dir == CANDOR_IN)
		candor_note_whole(f, p);
	else if (progress)
		f->marks &= (__u16) ~(CANDOR_M_HS_GAP | CANDOR_M_HS_WHOLE);
	else if (dir == CANDOR_OUT && candor_ignores_flight(f))
		return;
	if (progress)
		f->hs[dir] = mark;
	if (dir == CANDOR_OUT) {
		if (!(f->flags & CANDOR_F_HS_ANSWERED))
			f->hs_tick = CANDOR_TICK(now);
		f->flags |= CANDOR_F_HS_ANSWERED;
		f->dtls.node_ns = 0;
		candor_set_once(&f->dtls.peer_ns, now);
	} else if (progress) {
		f->flags &= ~CANDOR_F_HS_ANSWERED;
		f->dtls.peer_ns = 0;
		f->path_ns = 0;
		candor_set_once(&f->dtls.node_ns, now);
	} else if ((f->flags & CANDOR_F_HS_ANSWERED) && !copy) {
		candor_flight_again(f, p, now);
	}
}

/* An alert after the handshake closes the session: close_notify or a fatal one. In plaintext it is ignored
 * then, as receivers do. Before that, a plaintext close_notify from the peer closes too. */
CANDOR_INLINE void candor_alert(struct candor_flow *f, const struct candor_packet *p, enum candor_dir dir,
				int was_secured)
{
	int hidden = p->alert == CANDOR_ALERT_ENCRYPTED;
	/* The session is older than the flow or the probe. */
	int older = hidden && !(f->flags & (CANDOR_F_DTLS_IN | CANDOR_F_DTLS_OUT));

	if (was_secured || older || f->phase == CANDOR_PHASE_ACTIVE ||
	    ((p->flags & CANDOR_P_TRAFFIC) && !candor_is_server(f, dir))) {
		if (hidden && dir == CANDOR_IN)
			f->flags |= CANDOR_F_CLOSED_IN;
		else if (hidden)
			f->marks |= CANDOR_M_CLOSED_OUT;
		return;
	}
	if (!p->alert && dir == CANDOR_IN)
		f->flags |= CANDOR_F_CLOSED_IN;
	else
		f->flags |= dir == CANDOR_IN ? CANDOR_F_ALERT_IN : CANDOR_F_ALERT_OUT;
	f->alert = p->alert;
	f->dtls.node_ns = 0;
	f->dtls.peer_ns = 0;
}

/*
 * In DTLS 1.2 a server sends its last flight only after the client's Finished (RFC 5246 section 7.3), the end
 * of the client's second flight. So the server's last flight shows a Finished that a snap length hid. A
 * resumed session ends in the other order and has no second flight with keys.
 */
CANDOR_INLINE void candor_end_of_handshake(struct candor_flow *f, const struct candor_packet *p,
					   enum candor_dir dir)
{
	__u32 clients = f->flags & (CANDOR_F_PEER_CLIENT | CANDOR_F_NODE_CLIENT);
	__u32 sender = dir == CANDOR_IN ? CANDOR_F_PEER_CLIENT : CANDOR_F_NODE_CLIENT;

	if (clients == sender && (p->flags & CANDOR_P_KEYS))
		f->flags |= CANDOR_F_CLIENT_KEYS;
	else if (clients && !(clients & sender) && (f->flags & CANDOR_F_CLIENT_KEYS) &&
		 (p->flags & (CANDOR_P_EPOCH | CANDOR_P_TICKET)))
		f->flags |= CANDOR_F_EPOCH_IN | CANDOR_F_EPOCH_OUT;
}

/* Whether the sender's part of the handshake is over with this packet. */
CANDOR_INLINE int candor_ends_part(const struct candor_flow *f, const struct candor_packet *p,
				   enum candor_dir dir)
{
	int server = candor_is_server(f, dir);

	if (p->flags & CANDOR_P_SPED_DONE) /* nothing left to send, and the client's flight has arrived */
		return server && f->hs[!dir] == CANDOR_HS_EPOCH;
	if (p->flags & CANDOR_P_TRAFFIC) /* a server refuses the client's flight in epoch 3 */
		return !(server && (p->flags & CANDOR_P_ALERT));
	return (p->flags & CANDOR_P_EPOCH) && !(server && (p->flags & CANDOR_P_EPOCH2));
}

/* Whether the datagram carries application data. */
CANDOR_INLINE int candor_is_data(const struct candor_flow *f, const struct candor_packet *p,
				 enum candor_dir dir, int was_secured, __u64 now)
{
	__u32 client_data = dir == CANDOR_IN ? CANDOR_F_DATA_OUT : CANDOR_F_DATA_IN;

	if (!(p->flags & CANDOR_P_DATA) || !(p->flags & CANDOR_P_UNIFIED))
		return (p->flags & CANDOR_P_DATA) != 0;
	if (!(p->flags & (CANDOR_P_TRAFFIC | CANDOR_P_REKEYED))) /* DTLS 1.2: the first one is the Finished */
		return was_secured && !(p->flags & (CANDOR_P_CCS | CANDOR_P_HANDSHAKE));
	/* A server sends tickets with the ACK of the client's flight and nothing before it. */
	if (candor_is_server(f, dir) && !(p->flags & CANDOR_P_SCTP) && !(f->flags & client_data)) {
		if (!was_secured)
			return !(p->flags & (CANDOR_P_ACK | CANDOR_P_UNSURE));
		return CANDOR_TICK(now) - f->hs_tick > CANDOR_TICKET_TICKS;
	}
	return 1;
}

CANDOR_INLINE void candor_handshake_over(struct candor_flow *f, enum candor_dir dir, __u64 now)
{
	if (dir == CANDOR_OUT)
		f->flags |= CANDOR_F_HS_ANSWERED;
	f->dtls.node_ns = 0;
	f->dtls.peer_ns = 0;
	f->path_ns = 0;
	f->hs_tick = CANDOR_TICK(now);
	f->marks &= (__u16) ~(CANDOR_M_HS_GAP | CANDOR_M_HS_WHOLE);
	candor_advance_phase(f, CANDOR_PHASE_SECURED);
}

/* Whether a record with a unified header or connection id is one: plain text also begins with 0x20-0x3f. True
 * when a handshake was seen, or the flow's checks are answered and the records fill the datagram (a session
 * older than the flow or the probe). */
CANDOR_INLINE int candor_is_readable(const struct candor_flow *f, const struct candor_packet *p)
{
	if (!(p->flags & CANDOR_P_UNIFIED))
		return 1;
	if ((p->flags & CANDOR_P_REKEYED) && !candor_secured(f))
		return 0; /* early data may be a replay (RFC 8446 section 2.3) */
	if (f->flags & (CANDOR_F_DTLS_IN | CANDOR_F_DTLS_OUT | CANDOR_F_SPED))
		return 1;
	return (f->flags & CANDOR_F_ACKNOWLEDGED) && (p->flags & CANDOR_P_EXACT);
}

/* Returns 1 when the datagram carries application data. */
CANDOR_INLINE int candor_step_dtls(struct candor_flow *f, const struct candor_packet *p, enum candor_dir dir,
				   __u64 now)
{
	const __u32 flight = CANDOR_P_HANDSHAKE | CANDOR_P_EPOCH;
	int was_secured = candor_secured(f), data;

	if (!candor_is_readable(f, p))
		return 0;
	candor_advance_phase(f, CANDOR_PHASE_OFFERED);
	if (p->flags & CANDOR_P_HANDSHAKE)
		f->flags |= CANDOR_F_BEGAN;
	if (p->flags & flight) {
		f->flags |= dir == CANDOR_IN ? CANDOR_F_DTLS_IN : CANDOR_F_DTLS_OUT;
		/* Both are sent to any address (RFC 6347 section 4.2.1, RFC 9147 section 5.1). */
		if (dir == CANDOR_OUT && !(p->flags & (CANDOR_P_VERIFY_REQUEST | CANDOR_P_CLIENT_HELLO)))
			f->flags |= CANDOR_F_ACKNOWLEDGED;
	}
	if (p->flags & CANDOR_P_CLIENT_HELLO) {
		f->flags |= dir == CANDOR_IN ? CANDOR_F_PEER_CLIENT : CANDOR_F_NODE_CLIENT;
		f->marks &= (__u16)~CANDOR_M_RESUMED;
	}
	CANDOR_RELOAD();
	data = candor_is_data(f, p, dir, was_secured, now);
	if (candor_ends_part(f, p, dir))
		f->flags |= dir == CANDOR_IN ? CANDOR_F_EPOCH_IN : CANDOR_F_EPOCH_OUT;
	CANDOR_RELOAD();
	candor_end_of_handshake(f, p, dir);
	CANDOR_RELOAD();
	/* After the handshake no flight is due, and only handshake records show a repetition. */
	if (was_secured ? dir == CANDOR_IN && (p->flags & (CANDOR_P_HANDSHAKE | CANDOR_P_EPOCH2))
			: (p->flags & flight) && !(dir == CANDOR_IN && (p->flags & CANDOR_P_TRAFFIC)))
		candor_flight(f, p, dir, now);
	CANDOR_RELOAD();
	if (data)
		f->flags |= dir == CANDOR_IN ? CANDOR_F_DATA_IN : CANDOR_F_DATA_OUT;
	if (candor_secured(f) && !was_secured)
		candor_handshake_over(f, dir, now);
	else if ((p->flags & CANDOR_P_TRAFFIC) && (p->flags & CANDOR_P_ACK) && candor_is_server(f, dir))
		f->hs_tick = CANDOR_TICK(now); /* the client repeated its last flight: tickets may follow */
	CANDOR_RELOAD();
	if (p->flags & CANDOR_P_ALERT)
		candor_alert(f, p, dir, was_secured);
	return data;
}

#endif /* CANDOR_FLOW_DTLS_H */
