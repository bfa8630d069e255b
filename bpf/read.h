/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One packet read and counted: all that comes before the flow map, the same for kernel and user space.
 */
#ifndef CANDOR_READ_H
#define CANDOR_READ_H

#include "bpf/classify.h"

CANDOR_INLINE void candor_count_packet(struct candor_counters *c, const struct candor_packet *p)
{
	c->n[CANDOR_C_PACKETS] += p->segments;
	switch (candor_kind_counter(p->kind)) {
	case CANDOR_C_STUN:
		c->n[CANDOR_C_STUN] += p->segments;
		break;
	case CANDOR_C_DTLS:
		c->n[CANDOR_C_DTLS] += p->segments;
		break;
	case CANDOR_C_MEDIA:
		c->n[CANDOR_C_MEDIA] += p->segments;
		break;
	case CANDOR_C_CHANNEL_DATA:
		c->n[CANDOR_C_CHANNEL_DATA] += p->segments;
		break;
	case CANDOR_C_QUIC:
		c->n[CANDOR_C_QUIC] += p->segments;
		break;
	case CANDOR_C_ZRTP:
		c->n[CANDOR_C_ZRTP] += p->segments;
		break;
	case CANDOR_C_UNPARSED:
		c->n[CANDOR_C_UNPARSED] += p->segments;
		break;
	default:
		c->n[CANDOR_C_UNKNOWN] += p->segments;
		break;
	}
	if (p->flags & CANDOR_P_ATTRS_CUT)
		c->n[CANDOR_C_ATTRS_CUT]++;
	if (p->flags & CANDOR_P_USERNAME_CUT)
		c->n[CANDOR_C_USERNAME_CUT]++;
}

/* Reads the packet at *b into *u and *p (all zero) and counts it. Returns 1 when it is of a kind that a
 * flow may follow. `segments` is gso_segs, or 1. */
CANDOR_INLINE int candor_read(const struct candor_bytes *b, enum candor_dir dir, __u16 segments,
			      const struct candor_config *config, struct candor_counters *c,
			      struct candor_udp *u, struct candor_packet *p)
{
	switch (candor_parse_ip(b, dir, u)) {
	case CANDOR_IP_UDP:
		break;
	case CANDOR_IP_FRAGMENT:
		c->n[CANDOR_C_FRAGMENTS]++;
		return 0;
	case CANDOR_IP_EXT_CUT:
		c->n[CANDOR_C_EXT_CUT]++;
		return 0;
	case CANDOR_IP_SHORT:
		c->n[CANDOR_C_UNPARSED]++;
		return 0;
	default:
		return 0;
	}
	if (u->key.local_port < config->port_min || u->key.local_port > config->port_max)
		return 0;
	p->segments = segments ? segments : 1;
	candor_classify(b, u, dir, p);
	candor_count_packet(c, p);
	return p->kind == CANDOR_KIND_STUN || p->kind == CANDOR_KIND_DTLS || p->kind == CANDOR_KIND_RTP ||
	       p->kind == CANDOR_KIND_RTCP;
}

#endif /* CANDOR_READ_H */
