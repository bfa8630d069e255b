/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What another program on the node could do: refuses the UDP datagrams of media ports (20000 to 65535) on a
 * cgroup, a device's way out and a device's way in.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#define FIRST_MEDIA_PORT 20000
#define UDP		 17

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* IPv4 without options at `ip`; `port` is 0 for the source's, 2 for the destination's. */
static __always_inline int is_media(struct __sk_buff *skb, __u32 ip, __u32 port)
{
	__u8 protocol = 0, bytes[2] = {};

	if (bpf_skb_load_bytes(skb, ip + 9, &protocol, 1) || protocol != UDP)
		return 0;
	if (bpf_skb_load_bytes(skb, ip + 20 + port, bytes, 2))
		return 0;
	return (bytes[0] << 8 | bytes[1]) >= FIRST_MEDIA_PORT;
}

SEC("cgroup_skb/egress")
int refuse_cgroup(struct __sk_buff *skb)
{
	return !is_media(skb, 0, 0);
}

SEC("tc")
int refuse_tc(struct __sk_buff *skb)
{
	return is_media(skb, 14, 0) ? TC_ACT_SHOT : TC_ACT_UNSPEC;
}

SEC("xdp")
int refuse_xdp(struct xdp_md *packet)
{
	unsigned char *data = (void *)(long)packet->data, *end = (void *)(long)packet->data_end;

	if (data + 38 > end || data[12] != 8 || data[13] != 0 || data[14 + 9] != UDP)
		return XDP_PASS;
	return (data[36] << 8 | data[37]) >= FIRST_MEDIA_PORT ? XDP_DROP : XDP_PASS;
}
