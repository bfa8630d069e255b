/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The DTLS handshake in the flow state machine: whose flight is due, repeats, alerts, application data.
 */
#ifndef CANDOR_FLOW_DTLS_H
#define CANDOR_FLOW_DTLS_H

#include "bpf/flow_common.h"

#define CANDOR_HS_EPOCH 256 /* candor_flow.hs once a record of epoch >= 1 was seen */

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

/*
 * A server ends the handshake of DTLS 1.2 only after the client's Finished (RFC 5246 section 7.3), which ends
 * the client's second flight: where a snap length hid it, the server's last flight tells of it. A resumed
 * session ends the other way round, and has no second flight with keys.
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

CANDOR_INLINE void candor_step_dtls(struct candor_flow *f, const struct candor_packet *p, enum candor_dir dir,
				    __u64 now)
{
	int was_secured = candor_secured(f);
	int hidden = (p->flags & CANDOR_P_UNIFIED) && !(f->flags & (CANDOR_F_DTLS_IN | CANDOR_F_DTLS_OUT));

	if (hidden && !(f->flags & CANDOR_F_SPED))
		return; /* 0x20-0x3f is also plain text: without a handshake it means nothing */
	candor_reach(f, CANDOR_PHASE_OFFERED);
	if (p->flags & CANDOR_P_HANDSHAKE)
		f->flags |= CANDOR_F_BEGAN;
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
	candor_end_of_handshake(f, p, dir);
	/* Afterwards nobody owes a flight, and only the plaintext part of one tells a repeat from data. */
	if (was_secured ? dir == CANDOR_IN && (p->flags & CANDOR_P_HANDSHAKE)
			: (p->flags & (CANDOR_P_HANDSHAKE | CANDOR_P_EPOCH)) != 0)
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

#endif /* CANDOR_FLOW_DTLS_H */
