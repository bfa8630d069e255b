/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The flow programs: process every packet of a cgroup's sockets and keep one candor_flow per UDP 5-tuple.
 * Parsing is in read_packet.h, the state machine in flow_step.h; this file has maps, locks and events.
 *
 * Needs UAPI headers only, no kernel types, kfuncs or unbounded loops: one object for every kernel from 6.1
 * on. Never drops a packet: every path returns 1.
 *
 * Preemption: egress runs in process context, where other tasks and softirqs may run these programs on the
 * same CPU. Therefore counters are atomic, except those of the fast path (struct candor_fast_counts), and
 * working memory is acquired and released (struct scratch).
 *
 * Tested in tests/bpf/program_test.cc (rows of packets), tests/bpf/differential_test.cc (against user space)
 * and tests/bpf/sockets_test.cc (real sockets).
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/flow_step.h"
#include "bpf/fast_path.h"
#include "bpf/read_packet.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define ALLOW	      1
#define STRIPES	      1024 /* locks; a power of two */
#define SCRATCH_SLOTS 8	   /* nested runs on one CPU */
#define BARRIER()     asm volatile("" ::: "memory")

/* Written by user space before loading; constants for the verifier, which removes the dead branches. */
const volatile struct candor_config candor_config = {.port_min = 0, .port_max = 65535};
/* For tests: with candor_test_clock set, candor_test_now is the time. */
const volatile __u8 candor_test_clock = 0;
volatile __u64 candor_test_now = 0;

/* The initial value of a flow; too large for the stack. */
static const volatile struct candor_flow_slot empty_slot;

/* Puts the event's layout into the object's BTF for tests/bpf/layout_test.cc. */
const struct candor_event *candor_event_layout __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536); /* sized by user space */
	__type(key, struct candor_flow_key);
	__type(value, struct candor_flow_slot);
} flows SEC(".maps");

/* LRU maps refuse bpf_spin_lock in their values (EOPNOTSUPP): a separate map has locks, striped by key. */
struct candor_lock {
	struct bpf_spin_lock lock;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, STRIPES);
	__type(key, __u32);
	__type(value, struct candor_lock);
} locks SEC(".maps");

/* Working memory for one packet. In a map because the verifier tracks every value on the stack, which would
 * exceed its limit of a million instructions. */
struct scratch {
	__u32 in_use;
	__u32 reserved;
	struct candor_udp udp;
	__u32 reserved2;
	struct candor_packet packet;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SCRATCH_SLOTS);
	__type(key, __u32);
	__type(value, struct scratch);
} scratch_slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 22); /* sized by user space */
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct candor_cpu);
} cpus SEC(".maps");

static __always_inline __u64 now_precise(void)
{
	return candor_test_clock ? candor_test_now : bpf_ktime_get_ns();
}

/* Up to a tick (1-10 ms) behind, and several times cheaper: for packets of active flows. */
static __always_inline __u64 now_coarse(void)
{
	return candor_test_clock ? candor_test_now : bpf_ktime_get_coarse_ns();
}

/* The coarse time, read once per tick: jiffies is one load, bpf_ktime_get_coarse_ns() a call. `ns` is written
 * before `tick`: a task that interrupts between the writes finds the old tick and reads the time again. */
static __always_inline __u64 now_by_tick(struct candor_clock *clock)
{
	__u64 tick, now;

	if (candor_test_clock)
		return candor_test_now;
	tick = bpf_jiffies64();
	if (clock->tick == tick)
		return clock->ns;
	now = bpf_ktime_get_coarse_ns();
	clock->ns = now;
	BARRIER();
	clock->tick = tick;
	return now;
}

static __always_inline struct candor_lock *lock_of(const struct candor_flow_key *k)
{
	__u32 ports = (__u32)k->local_port << 16 | k->remote_port;
	__u32 hash = (ports ^ candor_be32(k->remote_addr + 12)) * 0x9e3779b1u;
	__u32 stripe = hash >> 16 & (STRIPES - 1);

	return bpf_map_lookup_elem(&locks, &stripe);
}

static __always_inline struct candor_flow_slot *
find_or_start(const struct candor_flow_key *k, const struct candor_packet *p, struct candor_counters *c)
{
	struct candor_flow_slot *slot = bpf_map_lookup_elem(&flows, k);
	long rc;

	if (slot || !candor_may_start(k, p))
		return slot;
	rc = bpf_map_update_elem(&flows, k, (const void *)&empty_slot, BPF_NOEXIST);
	slot = bpf_map_lookup_elem(&flows, k);
	if (rc == 0)
		CANDOR_ADD(c->n[CANDOR_C_FLOWS_NEW], 1);
	else if (!slot) /* found now: another CPU inserted it */
		CANDOR_ADD(c->n[CANDOR_C_FLOWS_FULL], 1);
	return slot;
}

static __always_inline struct candor_cpu *this_cpu(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&cpus, &zero);
}

static __always_inline void note_activity(struct candor_cpu *cpu, enum candor_dir dir, __u64 now)
{
	if (dir == CANDOR_IN)
		cpu->activity.last_in_ns = now;
	else
		cpu->activity.last_out_ns = now;
}

/* A wakeup costs more than the rest of an event, and one session setup makes eight events: the reader polls
 * the ring by itself (EventRing::Poll) and is woken only when a quarter of it is full. */
static __always_inline __u64 wake_when_full(void)
{
	__u64 waiting = bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA);

	return waiting > bpf_ringbuf_query(&events, BPF_RB_RING_SIZE) / 4 ? BPF_RB_FORCE_WAKEUP
									  : BPF_RB_NO_WAKEUP;
}

/*
 * The state is copied after the reservation in the ring and not at the step: in any order of CPUs the last
 * event of a flow in the ring then contains its last change, and a reader that keeps the newest event has the
 * right state. (Helpers cannot be called under the lock, so reservation and copy are two steps.)
 */
static __always_inline void emit_event(const struct candor_flow_key *k, struct candor_flow_slot *slot,
				       struct candor_lock *l, struct candor_counters *c, __u64 now)
{
	struct candor_event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e) {
		CANDOR_ADD(c->n[CANDOR_C_RING_FULL], 1);
		return;
	}
	e->kind = CANDOR_EVENT_FLOW;
	e->cpu = bpf_get_smp_processor_id();
	e->time_ns = now;
	e->key = *k;
	e->reserved = 0;
	bpf_spin_lock(&l->lock);
	e->flow = slot->flow;
	bpf_spin_unlock(&l->lock);
	bpf_ringbuf_submit(e, wake_when_full());
	CANDOR_ADD(c->n[CANDOR_C_EVENTS], 1);
}

static __always_inline void step(struct __sk_buff *skb, const struct candor_flow_key *k,
				 const struct candor_packet *p, enum candor_dir dir,
				 struct candor_flow_slot *slot, struct candor_counters *c)
{
	struct candor_lock *l = lock_of(k);
	__u64 cookie = bpf_get_socket_cookie(skb);
	__u64 cgroup = bpf_skb_cgroup_id(skb);
	__u64 now = now_precise();
	int event_due;

	if (!l)
		return;
	bpf_spin_lock(&l->lock);
	slot->steps_begun++;
	BARRIER();
	/* With every packet: the port may belong to another socket now. */
	slot->flow.sock_cookie = cookie;
	slot->flow.cgroup_id = cgroup;
	event_due = candor_flow_step(&slot->flow, p, dir, now);
	BARRIER();
	slot->steps_done = slot->steps_begun;
	bpf_spin_unlock(&l->lock);
	if (event_due)
		emit_event(k, slot, l, c, now);
}

/* All steps for packets that are not handled by the fast path. */
static __always_inline void full_path(struct __sk_buff *skb, const struct candor_config *config,
				      enum candor_dir dir, struct scratch *d, struct candor_cpu *cpu)
{
	struct candor_bytes bytes = {.skb = skb, .length = skb->len};
	struct candor_flow_slot *slot;
	__u64 now;

	__builtin_memset(&d->udp, 0, sizeof(d->udp));
	__builtin_memset(&d->packet, 0, __builtin_offsetof(struct candor_packet, name));
	if (!candor_read(&bytes, dir, (__u16)skb->gso_segs, config, &cpu->counters, &d->udp, &d->packet))
		return;
	slot = find_or_start(&d->udp.key, &d->packet, &cpu->counters);
	if (!slot)
		return;
	now = now_coarse();
	note_activity(cpu, dir, now);
	if (candor_is_steady(&slot->flow, &d->packet, dir, now))
		candor_flow_touch(&slot->flow, d->packet.segments, dir, now);
	else
		step(skb, &d->udp.key, &d->packet, dir, slot, &cpu->counters);
}

/* The fast path: most packets are media of active flows, or not followed. Returns 0 when the packet needs the
 * full path. */
static __always_inline int fast_path(struct __sk_buff *skb, const struct candor_config *config,
				     enum candor_dir dir)
{
	struct candor_flow_slot *slot;
	struct candor_cpu *cpu;
	struct candor_fast_path g;
	__u32 segments;
	int kind = candor_fast_path(skb, dir, config, &g);
	__u64 now;

	if (kind == CANDOR_FAST_NOT_OURS)
		return 1;
	if (kind == CANDOR_FAST_NO)
		return 0;
	cpu = this_cpu();
	if (!cpu)
		return 0;
	segments = skb->gso_segs;
	segments = segments ? segments : 1;
	if (kind == CANDOR_FAST_QUIC) {
		cpu->fast.quic[dir] += segments;
		return 1;
	}
	slot = bpf_map_lookup_elem(&flows, &g.key);
	if (!slot)
		return 0;
	now = now_by_tick(&cpu->clock);
	if (!candor_is_steady_direct(&slot->flow, kind == CANDOR_FAST_RTP, dir, now))
		return 0;
	note_activity(cpu, dir, now);
	candor_flow_touch(&slot->flow, segments, dir, now);
	cpu->fast.media[dir] += segments;
	return 1;
}

static __always_inline struct scratch *take_scratch(void)
{
	__u32 i;

	for (i = 0; i < SCRATCH_SLOTS; i++) {
		/* Older verifiers reject a loop as unbounded when the counter's address goes to a helper. */
		__u32 at = i;
		struct scratch *d = bpf_map_lookup_elem(&scratch_slots, &at);

		if (!d)
			return 0;
		if (__sync_val_compare_and_swap(&d->in_use, 0, 1) == 0)
			return d;
	}
	return 0;
}

static __always_inline int probe(struct __sk_buff *skb, enum candor_dir dir)
{
	/* Volatile reads: through a plain pointer the compiler would use the initial values. */
	struct candor_config config = {.port_min = candor_config.port_min,
				       .port_max = candor_config.port_max};
	struct candor_cpu *cpu;
	struct scratch *d;

	if (fast_path(skb, &config, dir))
		return ALLOW;
	cpu = this_cpu();
	if (!cpu)
		return ALLOW;
	d = take_scratch();
	if (!d) {
		CANDOR_ADD(cpu->counters.n[CANDOR_C_NO_SCRATCH], 1);
		return ALLOW;
	}
	full_path(skb, &config, dir, d, cpu);
	BARRIER();
	d->in_use = 0;
	return ALLOW;
}

SEC("cgroup_skb/ingress")
int candor_ingress(struct __sk_buff *skb)
{
	return probe(skb, CANDOR_IN);
}

SEC("cgroup_skb/egress")
int candor_egress(struct __sk_buff *skb)
{
	return probe(skb, CANDOR_OUT);
}
