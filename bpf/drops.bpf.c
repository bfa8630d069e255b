/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Counts by reason the datagrams that the kernel drops in the watched network namespaces. A separate object:
 * a kernel that refuses it can still load flow.bpf.c. It runs for every packet that any part of the kernel
 * drops, so the cheapest checks come first; most calls end at the first.
 *
 * Kernel structures are declared with the members that are read; libbpf relocates their offsets (CO-RE).
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/drops.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct proc_dir_entry {
	unsigned int low_ino;
};
struct net {
	struct proc_dir_entry *proc_net_stat;
};
typedef struct {
	struct net *net;
} possible_net_t;
struct net_device {
	possible_net_t nd_net;
};
struct sock_common {
	possible_net_t skc_net;
};
struct sock {
	struct sock_common __sk_common;
};
struct rtable {
	__u16 rt_type;
};
struct rt6_info {
	__u32 rt6i_flags;
};
struct skb_shared_info {
	unsigned short gso_segs;
};
struct sk_buff {
	struct net_device *dev;
	struct sock *sk;
	unsigned long _skb_refdst;
	int skb_iif;
	__u16 network_header;
	unsigned int end;
	unsigned char *head;
};
#pragma clang attribute pop

#define REFDST_POINTER (~1UL) /* the lowest bit: the route is not reference-counted */
#define RTN_UNICAST    1
#define RTF_ANYCAST    0x00100000
#define RTF_LOCAL      0x80000000
#define UDP	       17
#define FRAGMENT_MASK  0x1fff /* fragment offset */
#define IN	       0
#define OUT	       1

const volatile struct candor_drop_config candor_drop_config = {.port_min = 0, .port_max = 65535};
struct candor_drops candor_drops;

struct udp_ports {
	__u8 version;
	__be16 source, dest;
};

/* From the IP header on. Returns 0 for all but UDP with ports, and for IPv6 with extension headers. */
static __always_inline int read_ports(struct sk_buff *skb, struct udp_ports *p)
{
	const void *ip = skb->head + skb->network_header;
	__u8 head[20];
	__u32 length = 40;

	if (bpf_probe_read_kernel(head, sizeof(head), ip))
		return 0;
	p->version = head[0] >> 4;
	if (p->version == 4) {
		if (head[9] != UDP || (((head[6] << 8) | head[7]) & FRAGMENT_MASK))
			return 0;
		length = (head[0] & 0xf) * 4;
	} else if (p->version != 6 || head[6] != UDP) {
		return 0;
	}
	return !bpf_probe_read_kernel(&p->source, 2 * sizeof(__be16), ip + length);
}

/* Received to be forwarded to another host or namespace, not for a local socket. Known once routed. */
static __always_inline int is_forwarded(struct sk_buff *skb, __u8 version)
{
	const void *route = (const void *)(skb->_skb_refdst & REFDST_POINTER);

	if (!route)
		return 0;
	if (version == 4)
		return BPF_CORE_READ((const struct rtable *)route, rt_type) == RTN_UNICAST;
	return !(BPF_CORE_READ((const struct rt6_info *)route, rt6i_flags) & (RTF_LOCAL | RTF_ANYCAST));
}

static __always_inline __u32 namespace_of_socket(const struct sock *sk)
{
	return sk ? BPF_CORE_READ(sk, __sk_common.skc_net.net, proc_net_stat, low_ino) : 0;
}

/* 0 when unknown. An outgoing packet has its socket, and before routing no device. An incoming one has its
 * device, except in the last steps into a socket's queue, where UDP stores other data in that field
 * (udp_dev_scratch): the reads then fail and return 0, so they must be probe reads. */
static __always_inline __u32 namespace_of(struct sk_buff *skb, int dir, const struct sock *receiver)
{
	__u32 ns = namespace_of_socket(dir == OUT ? skb->sk : receiver);

	return ns ? ns : BPF_CORE_READ(skb, dev, nd_net.net, proc_net_stat, low_ino);
}

static __always_inline int is_watched(__u32 ns)
{
	for (int i = 0; i < CANDOR_DROP_NAMESPACES; i++) {
		if (*(volatile __u32 *)&candor_drops.namespaces[i] == ns)
			return 1;
	}
	return 0;
}

static __always_inline __u64 segments_of(struct sk_buff *skb)
{
	const struct skb_shared_info *shared = (const void *)(skb->head + skb->end);
	__u16 segments = BPF_CORE_READ(shared, gso_segs);

	return segments ? segments : 1;
}

/* Arguments: skb, location, reason, and from Linux 6.11 on the receiving socket. */
SEC("tp_btf/kfree_skb")
int candor_on_drop(__u64 *args)
{
	struct sk_buff *skb = (struct sk_buff *)args[0];
	__u32 number = (__u32)args[2], reason, ns;
	const struct sock *receiver = NULL;
	struct udp_ports ports = {};
	__u16 local;
	__u8 rule;
	int dir;

	if (number >= CANDOR_DROP_RULES)
		return 0;
	rule = candor_drop_config.rules[number];
	reason = rule & CANDOR_DROP_REASON_MASK;
	if (!reason || reason >= CANDOR_DROP_MAX)
		return 0;
	dir = skb->skb_iif ? IN : OUT;
	if (!(rule & (dir == IN ? CANDOR_DROP_IN : CANDOR_DROP_OUT)) || !read_ports(skb, &ports))
		return 0;
	local = bpf_ntohs(dir == IN ? ports.dest : ports.source);
	if (local < candor_drop_config.port_min || local > candor_drop_config.port_max)
		return 0;
	if (dir == IN && is_forwarded(skb, ports.version))
		return 0;
	if (candor_drop_config.has_socket_argument)
		receiver = (const struct sock *)args[3];
	ns = namespace_of(skb, dir, receiver);
	if (!ns)
		__sync_fetch_and_add(&candor_drops.unattributed, segments_of(skb));
	else if (is_watched(ns))
		__sync_fetch_and_add(&candor_drops.counts[dir][reason], segments_of(skb));
	return 0;
}
