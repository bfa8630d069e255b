/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Dropped datagrams by reason: the data that the program (drops.bpf.c) and user space share. Drops are
 * counted where the kernel frees the packet (tracepoint kfree_skb), by Candor's own reasons, because the
 * kernel's reasons have different numbers and sometimes names in each release. Tested in
 * tests/probe/drops/drop_probe_test.cc.
 */
#ifndef CANDOR_DROPS_H
#define CANDOR_DROPS_H

#include <linux/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Names and remediations: sidecar/flow/drop_reasons.cc. The kernel's names:
 * sidecar/probe/drops/drop_rules.cc. */
enum candor_drop_reason {
	CANDOR_DROP_NONE = 0, /* not counted */
	CANDOR_DROP_RECEIVE_BUFFER,
	CANDOR_DROP_UDP_MEMORY,
	CANDOR_DROP_NETFILTER,
	CANDOR_DROP_CHECKSUM,
	CANDOR_DROP_NO_SOCKET,
	CANDOR_DROP_SOCKET_FILTER, /* a BPF program of the socket or its cgroup, ingress */
	CANDOR_DROP_SOURCE,	   /* the source address: reverse-path filter, martian */
	CANDOR_DROP_POLICY,	   /* IPsec, security module */
	CANDOR_DROP_TC_INGRESS,
	CANDOR_DROP_QDISC,
	CANDOR_DROP_TC_EGRESS,
	CANDOR_DROP_NEIGHBOUR,
	CANDOR_DROP_CGROUP_EGRESS,
	CANDOR_DROP_DEVICE,
	CANDOR_DROP_MAX,
};

/* One byte per kernel reason: Candor's reason, and the directions in which it counts. */
#define CANDOR_DROP_REASON_MASK 0x3f
#define CANDOR_DROP_IN		0x40
#define CANDOR_DROP_OUT		0x80
#define CANDOR_DROP_RULES	256 /* kernel reasons covered; those of subsystems are 65536 and more */

#define CANDOR_LOST_BYTES 256 /* of a dropped packet, from its IP header on, that user space reads */

#define CANDOR_DROP_NAMESPACES 16 /* network namespaces watched at once */

/* Written before loading; constants for the verifier. */
struct candor_drop_config {
	__u16 port_min; /* local UDP ports counted, inclusive */
	__u16 port_max;
	__u8
	    has_socket_argument; /* the tracepoint has the receiving socket as fourth argument (Linux 6.11) */
	__u8 reserved[3];
	__u8 rules[CANDOR_DROP_RULES]; /* by the kernel's number */
};

/* Memory mapped by both sides: user space writes `namespaces` and reads the rest without system calls. */
struct candor_drops {
	/* A namespace by the inode of its /proc/PID/net/stat, which any user can read; 0: unused. */
	__u32 namespaces[CANDOR_DROP_NAMESPACES];
	/* Datagrams by direction (enum candor_dir: 0 in, 1 out) and reason; GSO segments counted. */
	__u64 counts[2][CANDOR_DROP_MAX];
	/* Within the ports, but of unknown namespace: not in `counts`. */
	__u64 unattributed;
};

#ifdef __cplusplus
static_assert(CANDOR_DROP_MAX <= CANDOR_DROP_REASON_MASK + 1);
static_assert(sizeof(struct candor_drop_config) == 8 + CANDOR_DROP_RULES);
static_assert(sizeof(struct candor_drops) == 4 * CANDOR_DROP_NAMESPACES + 8 * (2 * CANDOR_DROP_MAX + 1));
}
#endif
#endif /* CANDOR_DROPS_H */
