/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why the kernel dropped datagrams: what the program (drops.bpf.c) and user space both see. Drops are counted
 * where the kernel frees the packet (tracepoint kfree_skb), by Candor's own reasons, because the kernel's
 * have other numbers, and now and then other names, in every release.
 */
#ifndef CANDOR_DROPS_H
#define CANDOR_DROPS_H

#include <linux/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Names for people: sidecar/flow/drop_reasons.cc. The kernel's: sidecar/probe/drops/drop_rules.cc. */
enum candor_drop_reason {
	CANDOR_DROP_NONE = 0, /* not one that is counted */
	CANDOR_DROP_RECEIVE_BUFFER,
	CANDOR_DROP_UDP_MEMORY,
	CANDOR_DROP_NETFILTER,
	CANDOR_DROP_CHECKSUM,
	CANDOR_DROP_NO_SOCKET,
	CANDOR_DROP_SOCKET_FILTER, /* a BPF program of the socket or of its cgroup, on the way in */
	CANDOR_DROP_SOURCE,	   /* the sender's address: reverse path, martian */
	CANDOR_DROP_POLICY,	   /* IPsec, security module */
	CANDOR_DROP_TC_INGRESS,
	CANDOR_DROP_QDISC,
	CANDOR_DROP_TC_EGRESS,
	CANDOR_DROP_NEIGHBOUR,
	CANDOR_DROP_CGROUP_EGRESS,
	CANDOR_DROP_DEVICE,
	CANDOR_DROP_MAX,
};

/* The byte of one of the kernel's reasons: which of Candor's it is, and in which direction it counts. */
#define CANDOR_DROP_REASON_MASK 0x3f
#define CANDOR_DROP_IN		0x40
#define CANDOR_DROP_OUT		0x80
#define CANDOR_DROP_RULES	256 /* the kernel's reasons looked at; those of subsystems are 65536 and more */

#define CANDOR_DROP_NAMESPACES 16 /* network namespaces watched at once */

/* Told before loading; constants for the verifier. */
struct candor_drop_config {
	__u16 port_min; /* local UDP ports counted, inclusive */
	__u16 port_max;
	__u8 has_socket_argument; /* the tracepoint's fourth argument is the receiving socket (Linux 6.11) */
	__u8 reserved[3];
	__u8 rules[CANDOR_DROP_RULES]; /* by the kernel's number */
};

/* Memory that both sides map: user space writes `namespaces` and reads the rest, without any system call. */
struct candor_drops {
	/* A namespace by the inode of its /proc/PID/net/stat, which needs no right to be read; 0: a free
	 * place. */
	__u32 namespaces[CANDOR_DROP_NAMESPACES];
	/* Datagrams by direction (enum candor_dir: 0 in, 1 out) and reason; GSO segments counted. */
	__u64 counts[2][CANDOR_DROP_MAX];
	/* Within the ports, but the kernel did not tell in which namespace: not in `counts`. */
	__u64 unattributed;
};

#ifdef __cplusplus
static_assert(CANDOR_DROP_MAX <= CANDOR_DROP_REASON_MASK + 1);
static_assert(sizeof(struct candor_drop_config) == 8 + CANDOR_DROP_RULES);
static_assert(sizeof(struct candor_drops) == 4 * CANDOR_DROP_NAMESPACES + 8 * (2 * CANDOR_DROP_MAX + 1));
}
#endif
#endif /* CANDOR_DROPS_H */
