/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Counts by reason the datagrams that the kernel drops in the watched network namespaces. A separate object:
 * a kernel that refuses it can still load flow.bpf.c. It runs for every packet that any part of the kernel
 * drops, so the cheapest checks come first; most calls end at the first.
 *
 * The first bytes of a counted packet also go to user space, which reads in them whose attempt was lost, as
 * far as they lie in the packet's linear memory: always the IP and UDP headers, mostly all (see `captured`).
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/bytes.h"
#include "bpf/drops.h"
#include "bpf/kernel_types.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

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

/* Puts the record's layout into the object's BTF for tests/bpf/layout_test.cc. */
const struct candor_lost *candor_lost_layout __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, CANDOR_LOST_RING_BYTES);
} lost SEC(".maps");

/* A dropped packet. */
struct drop {
	const void *ip; /* its IP header */
	const void *udp;
	const struct sock *sk; /* the sending or receiving socket; NULL: none or unknown */
	__u8 reason, dir, version;
	__be16 source, dest;
};

/* Returns 0 for all but UDP with ports, and for IPv6 with extension headers. */
static __always_inline int read_ports(struct drop *d)
{
	__u8 head[20];
	__u32 length = 40;

	if (bpf_probe_read_kernel(head, sizeof(head), d->ip))
		return 0;
	d->version = head[0] >> 4;
	if (d->version == 4) {
		if (head[9] != UDP || (((head[6] << 8) | head[7]) & FRAGMENT_MASK))
			return 0;
		length = (head[0] & 0xf) * 4;
	} else if (d->version != 6 || head[6] != UDP) {
		return 0;
	}
	d->udp = d->ip + length;
	return !bpf_probe_read_kernel(&d->source, 2 * sizeof(__be16), d->udp);
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

/* 0 when unknown. An outgoing packet has its socket, and before routing no device. An incoming one has its
 * device, except in the last steps into a socket's queue, where UDP stores other data in that field
 * (udp_dev_scratch): the reads then fail and return 0, so they must be probe reads. */
static __always_inline __u32 namespace_of(struct sk_buff *skb, const struct sock *sk)
{
	__u32 ns = namespace_of_socket(sk);

	return ns ? ns : BPF_CORE_READ(skb, dev, nd_net.net, proc_net_stat, low_ino);
}

static __always_inline __u16 segments_of(struct sk_buff *skb)
{
	const struct skb_shared_info *shared = (const void *)(skb->head + skb->end);
	__u16 segments = BPF_CORE_READ(shared, gso_segs);

	return segments ? segments : 1;
}

/* One more packet of this window, if `most` are not taken yet. */
static __always_inline int take(struct candor_lost_share *share, __u32 window, __u32 most)
{
	if (share->window != window) {
		share->window = window;
		share->taken = 0;
	}
	if (share->taken >= most) /* before the atomic addition, which a flood would pay for each packet */
		return 0;
	return __sync_fetch_and_add(&share->taken, 1) < most;
}

/* Copies what lies in linear memory; the rest of the record is set. */
static __always_inline void copy_head(struct sk_buff *skb, const struct drop *d, struct candor_lost *to)
{
	/* Headers may be removed from the packet, or those of the link still before the IP header. */
	__s64 removed = skb->data - (const unsigned char *)d->ip;
	__s64 length = skb->len + removed, linear = length - skb->data_len;
	__u32 n;

	to->length = length < 0 ? 0 : length > 0xffff ? 0xffff : length;
	to->captured = 0;
	if (linear <= 0)
		return;
	if (linear < length && linear < CANDOR_LOST_BYTES)
		__sync_fetch_and_add(&candor_drops.lost_cut, 1);
	n = linear < CANDOR_LOST_BYTES ? linear : CANDOR_LOST_BYTES;
	n -= 1;
	CANDOR_OPAQUE(n);
	n &= CANDOR_LOST_BYTES - 1;
	n += 1;
	if (!bpf_probe_read_kernel(to->head, n, d->ip))
		to->captured = n;
}

/* By the first byte of the payload, RFC 9443: from 64 on ChannelData, QUIC and RTP; 23 is a DTLS record of
 * data. A payload outside of linear memory could not be read either. */
static __always_inline __u32 kind_of(struct sk_buff *skb, const struct drop *d)
{
	const void *payload = d->udp + 8;
	__u8 first;

	if (payload >= (const void *)skb->data + (skb->len - skb->data_len) ||
	    bpf_probe_read_kernel(&first, sizeof(first), payload))
		return CANDOR_LOST_MEDIA;
	return first >= 64 || first == 23 ? CANDOR_LOST_MEDIA : CANDOR_LOST_SETUP;
}

/* `shares`: those of this direction and reason, by kind. */
static __always_inline int may_deliver(struct sk_buff *skb, const struct drop *d,
				       struct candor_lost_share *shares, __u64 now)
{
	__u32 window = now >> CANDOR_LOST_WINDOW_SHIFT;

	if (kind_of(skb, d) == CANDOR_LOST_SETUP)
		return take(&shares[CANDOR_LOST_SETUP], window, CANDOR_LOST_OF_REASON) &&
		       take(&candor_drops.lost_in_all[CANDOR_LOST_SETUP], window, CANDOR_LOST_IN_ALL);
	return take(&shares[CANDOR_LOST_MEDIA], window, CANDOR_LOST_OF_REASON / 4) &&
	       take(&candor_drops.lost_in_all[CANDOR_LOST_MEDIA], window, CANDOR_LOST_IN_ALL / 4);
}

static __always_inline void deliver(struct sk_buff *skb, const struct drop *d,
				    struct candor_lost_share *shares)
{
	__u64 now = bpf_ktime_get_ns();
	struct candor_lost *to;

	if (!may_deliver(skb, d, shares, now)) {
		__sync_fetch_and_add(&candor_drops.lost_beyond, 1);
		return;
	}
	to = bpf_ringbuf_reserve(&lost, sizeof(*to), 0);
	if (!to) {
		__sync_fetch_and_add(&candor_drops.lost_full, 1);
		return;
	}
	to->time_ns = now;
	to->cgroup_id = cgroup_of_socket(d->sk);
	to->segments = segments_of(skb);
	to->direction = d->dir;
	to->reason = d->reason;
	copy_head(skb, d, to);
	__sync_fetch_and_add(&candor_drops.lost_read, 1);
	/* User space reads at its own pace. */
	bpf_ringbuf_submit(to, BPF_RB_NO_WAKEUP);
}

static __always_inline void count(struct sk_buff *skb, const struct drop *d)
{
	__u32 dir = d->dir, reason = d->reason;

	/* The verifier has lost their bounds. */
	CANDOR_OPAQUE(dir);
	CANDOR_OPAQUE(reason);
	if (dir > OUT || reason >= CANDOR_DROP_MAX)
		return;
	__sync_fetch_and_add(&candor_drops.counts[dir][reason], segments_of(skb));
	deliver(skb, d, candor_drops.lost_of[dir][reason]);
}

/* Which packet this is: its reason, direction and IP header. Returns 0 when its kind is not counted. */
static __always_inline int classify(struct sk_buff *skb, __u32 number, struct drop *d)
{
	__u8 rule;

	if (number >= CANDOR_DROP_RULES)
		return 0;
	CANDOR_OPAQUE(number);
	rule = candor_drop_config.rules[number & (CANDOR_DROP_RULES - 1)];
	d->reason = rule & CANDOR_DROP_REASON_MASK;
	if (!d->reason || d->reason >= CANDOR_DROP_MAX)
		return 0;
	d->dir = skb->skb_iif ? IN : OUT;
	d->ip = skb->head + skb->network_header;
	/* Received from the device, and neither its interface nor the IP header is noted yet. */
	if (d->reason == CANDOR_DROP_BACKLOG) {
		d->dir = IN;
		d->ip = skb->data;
	}
	return (rule & (d->dir == IN ? CANDOR_DROP_IN : CANDOR_DROP_OUT)) && read_ports(d);
}

/* Arguments: skb, location, reason, and from Linux 6.11 on the receiving socket. */
SEC("tp_btf/kfree_skb")
int candor_on_drop(__u64 *args)
{
	struct sk_buff *skb = (struct sk_buff *)args[0];
	struct drop d = {};
	__u16 local;
	__u32 ns;

	if (!classify(skb, (__u32)args[2], &d))
		return 0;
	local = bpf_ntohs(d.dir == IN ? d.dest : d.source);
	if (local < candor_drop_config.port_min || local > candor_drop_config.port_max)
		return 0;
	if (d.dir == IN && is_forwarded(skb, d.version))
		return 0;
	if (d.dir == OUT)
		d.sk = BPF_CORE_READ(skb, sk);
	else if (candor_drop_config.has_socket_argument)
		d.sk = (const struct sock *)args[3];
	ns = namespace_of(skb, d.sk);
	if (!ns) {
		__sync_fetch_and_add(&candor_drops.unattributed, segments_of(skb));
	} else if (is_watched(ns, candor_drops.namespaces, CANDOR_DROP_NAMESPACES)) {
		count(skb, &d);
	}
	return 0;
}
