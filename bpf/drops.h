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
	CANDOR_DROP_ROUTE,   /* no route, or no such local address */
	CANDOR_DROP_BACKLOG, /* the CPU's queue of received packets */
	CANDOR_DROP_XDP,     /* generic XDP; drivers drop without an skb, and report nothing */
	CANDOR_DROP_MEMORY,  /* the kernel had no memory for it */
	CANDOR_DROP_MAX,
};

/* One byte per kernel reason: Candor's reason, and the directions in which it counts. */
#define CANDOR_DROP_REASON_MASK 0x3f
#define CANDOR_DROP_IN		0x40
#define CANDOR_DROP_OUT		0x80
#define CANDOR_DROP_RULES	256 /* kernel reasons covered; those of subsystems are 65536 and more */

/*
 * Dropped packets that user space reads (struct candor_lost). Bounded, so that a flood costs no more than
 * counting: in each window of 134 ms at most so many for one direction and reason, and at most so many in
 * all, which is 954 and 1,907 a second; a flood of one reason leaves half for the others. What looks like
 * media or data (first byte of the payload: RTP, ChannelData, QUIC; a DTLS record of data) has a bound of its
 * own, 238 and 477 a second: when running calls lose their media, the few packets that begin a new call are
 * still read. Packets beyond are counted in `lost_beyond`, and in `counts` like all.
 */
#define CANDOR_LOST_BYTES	 256 /* of a packet, from its IP header on */
#define CANDOR_LOST_WINDOW_SHIFT 27  /* a window has 1 << 27 ns */
#define CANDOR_LOST_OF_REASON	 128 /* in a window; of media a quarter of this and the next */
#define CANDOR_LOST_IN_ALL	 256
enum candor_lost_kind { CANDOR_LOST_SETUP, CANDOR_LOST_MEDIA, CANDOR_LOST_KINDS };
#define CANDOR_LOST_RING_BYTES (1u << 20) /* 3,640 packets: what 1.5 s may bring */

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

/* A dropped packet, in the ring `lost`. */
struct candor_lost {
	__u64 time_ns; /* CLOCK_MONOTONIC, when the kernel freed it */
	/* Of the sending or receiving socket; 0: none or unknown, as on the way in before Linux 6.11. */
	__u64 cgroup_id;
	__u16 segments; /* datagrams in a GSO or GRO packet */
	__u16 length;	/* from the IP header on, headers included; 65535: that or more */
	__u16 captured; /* bytes of `head` in use */
	__u8 direction; /* enum candor_dir */
	__u8 reason;	/* enum candor_drop_reason */
	__u8 head[CANDOR_LOST_BYTES];
};

/* Packets taken in a window. CPUs may race at its begin and take a few more. */
struct candor_lost_share {
	__u32 window;
	__u32 taken;
};

/* Memory mapped by both sides: user space writes `namespaces` and reads the rest without system calls. */
struct candor_drops {
	/* A namespace by the inode of its /proc/PID/net/stat, which any user can read; 0: unused. */
	__u32 namespaces[CANDOR_DROP_NAMESPACES];
	/* Datagrams by direction (enum candor_dir: 0 in, 1 out) and reason; GSO segments counted. */
	__u64 counts[2][CANDOR_DROP_MAX];
	/* Within the ports, but of unknown namespace: not in `counts`. */
	__u64 unattributed;
	__u64 lost_read;   /* packets in the ring */
	__u64 lost_beyond; /* ... beyond the bound per window, not in the ring */
	__u64 lost_full;   /* ... not in the ring because it was full */
	__u64 lost_cut;	   /* in the ring, without the bytes that lie outside of the packet's linear memory */
	struct candor_lost_share lost_in_all[CANDOR_LOST_KINDS];
	struct candor_lost_share lost_of[2][CANDOR_DROP_MAX][CANDOR_LOST_KINDS]; /* by direction and reason */
};

#ifdef __cplusplus
static_assert(CANDOR_DROP_MAX <= CANDOR_DROP_REASON_MASK + 1);
static_assert(sizeof(struct candor_drop_config) == 8 + CANDOR_DROP_RULES);
static_assert(sizeof(struct candor_lost) == 24 + CANDOR_LOST_BYTES);
static_assert(sizeof(struct candor_drops) == 4 * CANDOR_DROP_NAMESPACES + 24 * 2 * CANDOR_DROP_MAX + 56);
}
#endif
#endif /* CANDOR_DROPS_H */
