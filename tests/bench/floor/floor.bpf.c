/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What any program on these hooks costs, whatever it does: the floor that Candor's costs are held against.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

SEC("cgroup_skb/ingress")
int floor_ingress(struct __sk_buff *skb)
{
	return 1;
}

SEC("cgroup_skb/egress")
int floor_egress(struct __sk_buff *skb)
{
	return 1;
}
