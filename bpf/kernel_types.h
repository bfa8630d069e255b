/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Kernel structures, declared with the members that are read (libbpf relocates their offsets, CO-RE), and
 * what a program on a tracepoint asks of a socket. All reads are probe reads: they fail with 0 on a pointer
 * that is none. Programs on tracepoints only. Tested in tests/probe/drops/drop_probe_test.cc.
 */
#ifndef CANDOR_KERNEL_TYPES_H
#define CANDOR_KERNEL_TYPES_H

#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

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
struct kernfs_node {
	__u64 id;
};
struct cgroup {
	struct kernfs_node *kn;
};
struct sock_cgroup_data {
	struct cgroup *cgroup;
};
struct sock_common {
	possible_net_t skc_net;
	__u16 skc_num;
};
struct sock {
	struct sock_common __sk_common;
	__u16 sk_protocol;
	struct sock_cgroup_data sk_cgrp_data;
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
	unsigned int len, data_len;
	int skb_iif;
	__u16 network_header;
	unsigned int end;
	unsigned char *head, *data;
};
#pragma clang attribute pop

/* By the inode of /proc/PID/net/stat; 0: unknown. */
static __always_inline __u32 namespace_of_socket(const struct sock *sk)
{
	return sk ? BPF_CORE_READ(sk, __sk_common.skc_net.net, proc_net_stat, low_ino) : 0;
}

/* The id of the cgroup in which the socket was made, as bpf_skb_cgroup_id() has it; 0: unknown. */
static __always_inline __u64 cgroup_of_socket(const struct sock *sk)
{
	if (!sk || !bpf_core_field_exists(sk->sk_cgrp_data)) /* a kernel without CONFIG_SOCK_CGROUP_DATA */
		return 0;
	return BPF_CORE_READ(sk, sk_cgrp_data.cgroup, kn, id);
}

/* User space changes the namespaces at any time. */
static __always_inline int is_watched(__u32 ns, const __u32 *namespaces, int size)
{
	for (int i = 0; i < size; i++) {
		if (*(const volatile __u32 *)&namespaces[i] == ns)
			return 1;
	}
	return 0;
}

#endif /* CANDOR_KERNEL_TYPES_H */
