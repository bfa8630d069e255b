/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reads and counts one packet: all steps before the flow map, the same for kernel and user space.
 */
#ifndef CANDOR_READ_PACKET_H
#define CANDOR_READ_PACKET_H

#include "bpf/classify.h"

/* An envelope counts once under its own kind; its content counts as CANDOR_C_INNER as well. */
CANDOR_INLINE __u32 candor_counter_of(const struct candor_packet *p)
{
	if (p->flags & CANDOR_P_CHANNEL)
		return CANDOR_C_CHANNEL_DATA;
	if (p->flags & CANDOR_P_INDICATION)
		return CANDOR_C_STUN;
	return candor_kind_counter(p->kind);
}

CANDOR_INLINE void candor_count_packet(struct candor_counters *c, const struct candor_packet *p)
{
	__u32 kind = candor_counter_of(p);

	CANDOR_ADD(c->n[CANDOR_C_PACKETS], p->segments);
	if (kind < CANDOR_C_MAX) /* for the verifier */
		CANDOR_ADD(c->n[kind], p->segments);
	if (p->flags & CANDOR_P_INNER) {
		CANDOR_ADD(c->n[CANDOR_C_INNER], p->segments);
		if (p->kind == CANDOR_KIND_UNPARSED)
			CANDOR_ADD(c->n[CANDOR_C_UNPARSED], p->segments);
	}
	if (p->flags & CANDOR_P_ATTRS_CUT)
		CANDOR_ADD(c->n[CANDOR_C_ATTRS_CUT], 1);
	if (p->flags & CANDOR_P_USERNAME_CUT)
		CANDOR_ADD(c->n[CANDOR_C_USERNAME_CUT], 1);
}

/* Reads the packet at *b into *u and *p (all zero) and counts it. Returns 1 when a flow can follow its kind.
 * `segments` is gso_segs; 0 counts as 1. In the kernel *p must be in map memory: the verifier follows each
 * combination of constants on the stack (more than a million instructions here), whereas values read from a
 * map are unknown to it and its paths converge. */
CANDOR_INLINE int candor_read(const struct candor_bytes *b, enum candor_dir dir, __u16 segments,
			      const struct candor_config *config, struct candor_counters *c,
			      struct candor_udp *u, struct candor_packet *p)
{
	switch (candor_parse_ip(b, dir, u)) {
	case CANDOR_IP_UDP:
		break;
	case CANDOR_IP_FRAGMENT:
		CANDOR_ADD(c->n[CANDOR_C_FRAGMENTS], 1);
		return 0;
	case CANDOR_IP_EXT_CUT:
		CANDOR_ADD(c->n[CANDOR_C_EXT_CUT], 1);
		return 0;
	case CANDOR_IP_SHORT:
		CANDOR_ADD(c->n[CANDOR_C_UNPARSED], 1);
		return 0;
	default:
		return 0;
	}
	if (u->key.local_port < config->port_min || u->key.local_port > config->port_max)
		return 0;
	p->segments = segments ? segments : 1;
	candor_classify(b, u, dir, p);
	candor_count_packet(c, p);
	/* A relay carries packets of any kind. */
	return p->kind == CANDOR_KIND_STUN || p->kind == CANDOR_KIND_DTLS || p->kind == CANDOR_KIND_RTP ||
	       p->kind == CANDOR_KIND_RTCP || (p->flags & CANDOR_P_INNER);
}

#endif /* CANDOR_READ_PACKET_H */
