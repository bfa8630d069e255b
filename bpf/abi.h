/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The data that kernel and user space share: the flow's key and state, the ring event, the counters and the
 * configuration. Included by the BPF objects (clang -target bpf) and by sidecar/flow. README.md in this
 * folder explains phases and waiting sides.
 *
 * Layout rules: fixed-width types, no implicit padding (tests/bpf/layout_test.cc compares with the object's
 * BTF), host byte order except addresses. Times are nanoseconds of the source's clock (CLOCK_MONOTONIC in
 * the kernel, the capture's clock in replay); 0 means "never".
 */
#ifndef CANDOR_ABI_H
#define CANDOR_ABI_H

#include <linux/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Incremented with every change of meaning or layout below. Pinned maps of another version are replaced and
 * not read. */
#define CANDOR_ABI_VERSION 6

/* Bytes of the node's ufrag kept for display; the hash covers all bytes read. */
#define CANDOR_UFRAG_TEXT 32

enum candor_dir {
	CANDOR_IN = 0,	/* towards the node's socket */
	CANDOR_OUT = 1, /* from the node's socket */
};

/* Phases of a flow, in order. Within one generation the phase only increases. */
enum candor_phase {
	CANDOR_PHASE_NONE = 0,
	CANDOR_PHASE_OFFERED = 1,   /* first valid packet */
	CANDOR_PHASE_ANSWERED = 2,  /* an ICE check got a success response with its transaction id */
	CANDOR_PHASE_NOMINATED = 3, /* that check carried USE-CANDIDATE (RFC 8445 section 8) */
	CANDOR_PHASE_SECURED = 4,   /* DTLS records of epoch >= 1 went both ways */
	CANDOR_PHASE_ACTIVE = 5,    /* protected media or data both ways */
};

/* The side whose packet the flow is waiting for. */
enum candor_waiting_on {
	CANDOR_WAITING_ON_NONE = 0,
	CANDOR_WAITING_ON_NODE = 1,
	CANDOR_WAITING_ON_PEER = 2,
	CANDOR_WAITING_ON_PATH = 3,
};

/* candor_flow.flags: kept until the next generation, except NOMINATE_*, CHECK_ANSWERED and HS_ANSWERED. */
#define CANDOR_F_CREDENTIALED	(1u << 0) /* check in with USERNAME and MESSAGE-INTEGRITY */
#define CANDOR_F_ACKNOWLEDGED	(1u << 1) /* the node sent a STUN success, a DTLS flight or media */
#define CANDOR_F_PEER_ANSWERED	(1u << 2) /* the peer answered the node's own check */
#define CANDOR_F_MEDIA_IN	(1u << 3) /* SRTP, SRTCP, RTP or RTCP from the peer */
#define CANDOR_F_MEDIA_OUT	(1u << 4)
#define CANDOR_F_DATA_IN	(1u << 5) /* DTLS application data from the peer */
#define CANDOR_F_DATA_OUT	(1u << 6)
#define CANDOR_F_DTLS_IN	(1u << 7) /* a handshake record */
#define CANDOR_F_DTLS_OUT	(1u << 8)
#define CANDOR_F_EPOCH_IN	(1u << 9) /* a record of epoch >= 1 */
#define CANDOR_F_EPOCH_OUT	(1u << 10)
#define CANDOR_F_NOMINATE_IN	(1u << 11) /* the pending check in carries USE-CANDIDATE */
#define CANDOR_F_NOMINATE_OUT	(1u << 12)
#define CANDOR_F_ALERT_IN	(1u << 13) /* fatal DTLS alert before the end of the handshake */
#define CANDOR_F_ALERT_OUT	(1u << 14)
#define CANDOR_F_STUN_ERROR_OUT (1u << 15) /* the node answered a check with an error (stun_error) */
#define CANDOR_F_STUN_ERROR_IN	(1u << 16)
#define CANDOR_F_RTP_VALID	(1u << 17) /* media of a plain flow has passed its probation (RFC 3550 A.1) */
#define CANDOR_F_RTP_IN		(1u << 18) /* RTP or SRTP from the peer */
#define CANDOR_F_SPED		(1u << 19) /* DTLS inside STUN attributes 0xC070/0xC071 */
#define CANDOR_F_TURN_SERVER	(1u << 20) /* the peer sent an Allocate: the node is a TURN server */
#define CANDOR_F_CHECK_ANSWERED (1u << 21) /* the last check in (in_txid) is answered */
#define CANDOR_F_NODE_CHECKS	(1u << 22) /* the node sent checks of its own (full ICE) */
#define CANDOR_F_HS_ANSWERED	(1u << 23) /* the node sent handshake records after the peer's latest */
#define CANDOR_F_CLOSED_IN	(1u << 24) /* the peer closed: close_notify, or an alert after the handshake */
#define CANDOR_F_PEER_CLIENT	(1u << 25) /* ClientHello in: the peer is the DTLS client */
#define CANDOR_F_NODE_CLIENT	(1u << 26) /* ClientHello out: the node is the DTLS client */
#define CANDOR_F_TURN_CLIENT	(1u << 27) /* the node sent an Allocate: envelopes hold its packets */
#define CANDOR_F_TURN_USED	(1u << 28) /* the client of an allocation sent data through it */
#define CANDOR_F_CLIENT_KEYS	(1u << 29) /* the DTLS client's second flight, which ends with its Finished */
#define CANDOR_F_RTP_OUT	(1u << 30) /* RTP or SRTP from the node */
/* The beginning of the generation was observed: checks at the rate of a new pair (CANDOR_BEGIN_TICKS), its
 * first request repeated, a new ufrag on a known 5-tuple, an Allocate in, a plaintext handshake record, or
 * another SSRC on a silent 5-tuple of plain RTP. Never set for the first call on a 5-tuple of plain RTP,
 * whose first packet does not differ from the others. */
#define CANDOR_F_BEGAN	  (1u << 31)
#define CANDOR_RTP_EITHER (CANDOR_F_RTP_IN | CANDOR_F_RTP_OUT)

/* Keys from DTLS: media is SRTP and SRTCP. */
#define CANDOR_F_ENCRYPTED (CANDOR_F_DTLS_IN | CANDOR_F_DTLS_OUT | CANDOR_F_SPED)

/* candor_flow.marks: can be cleared again; every change of CANDOR_M_EVENT_MASK sends an event. */
/* The flow was active under the previous ufrag and no handshake has begun since: an ICE restart (RFC 8445
 * section 9) below a DTLS session that continues. Once its checks are answered (phase answered or nominated)
 * the flow is as reachable as before, with or without media. */
#define CANDOR_M_RESUMED    (1u << 0)
#define CANDOR_M_CLOSED_OUT (1u << 1) /* alert out after the handshake: the node closed */
/* Of the peer's handshake since the node's last progress: messages are missing in between; the end of a
 * flight has come, and nothing before it is missing. They send no events. */
#define CANDOR_M_HS_GAP	    (1u << 2)
#define CANDOR_M_HS_WHOLE   (1u << 3)
#define CANDOR_M_EVENT_MASK (CANDOR_M_RESUMED | CANDOR_M_CLOSED_OUT)

/* Each of these flags sends an event when it is set; none is set more than once in a generation. */
#define CANDOR_F_EVENT_MASK                                                                                  \
	(CANDOR_F_ACKNOWLEDGED | CANDOR_F_MEDIA_IN | CANDOR_F_MEDIA_OUT | CANDOR_F_DATA_IN |                 \
	 CANDOR_F_DATA_OUT | CANDOR_F_ALERT_IN | CANDOR_F_ALERT_OUT | CANDOR_F_STUN_ERROR_OUT |              \
	 CANDOR_F_STUN_ERROR_IN | CANDOR_F_RTP_VALID | CANDOR_F_CLOSED_IN | CANDOR_F_TURN_USED |             \
	 CANDOR_RTP_EITHER | CANDOR_F_BEGAN)

/* A coarse time of 32 bits, in units of 2^20 ns (1.05 ms), for short intervals: it wraps after 52 days. */
#define CANDOR_TICK(ns) ((__u32)((ns) >> 20) | 1u)

/* The time of candor_flow.report_tick, in units of 2^26 ns (67 ms): it wraps after 73 minutes. */
#define CANDOR_REPORT_SHIFT    26
#define CANDOR_REPORT_TICK(ns) ((__u16)((ns) >> CANDOR_REPORT_SHIFT))

#define CANDOR_ALERT_ENCRYPTED 255 /* candor_flow.alert: description not visible */

struct candor_flow_key {
	__u8 local_addr[16]; /* the node's address; IPv4 as ::ffff:a.b.c.d */
	__u8 remote_addr[16];
	__u16 local_port; /* host byte order */
	__u16 remote_port;
};

/* Since when the flow waits for each side on one layer; 0: it does not. */
struct candor_waiting {
	__u64 node_ns;
	__u64 peer_ns;
};

/* The complete state of one flow. Only candor_flow_step() and candor_flow_touch() write it. Every event holds
 * a complete copy, so user space never accumulates events. */
struct candor_flow {
	/* Read and written for every packet of an active flow: kept in as few cache lines as possible. */
	__u64 last_in_ns; /* any packet of a known kind */
	__u64 last_out_ns;
	__u64 last_media_in_ns; /* media or data; at a TURN server any packet that is visible on both sides */
	__u64 last_media_out_ns;
	__u32 media_packets[2]; /* by direction; segments; wraps; approximate with concurrent CPUs */
	__u32 flags;		/* CANDOR_F_* */
	__u8 phase;		/* enum candor_phase */
	__u8 waiting_on;	/* enum candor_waiting_on, as last reported in an event */
	__u8 alert;	/* description of a plaintext alert (RFC 8446 section 6), or CANDOR_ALERT_ENCRYPTED */
	__u8 ufrag_len; /* bytes of ufrag_text in use, <= CANDOR_UFRAG_TEXT */

	__u64 first_ns;		     /* first valid packet of this generation */
	__u64 active_ns;	     /* when it became active; 0 before */
	struct candor_waiting ice;   /* ICE checks */
	struct candor_waiting dtls;  /* handshake flights */
	struct candor_waiting media; /* one side sends media, the other has sent none */
	__u64 hs_in_ns;		     /* last handshake records from the peer */
	__u64 path_ns;		     /* repeated after an answer: since then the path loses the answer */
	__u64 ufrag_hash;	     /* FNV-1a 64 of "node's ufrag:peer's ufrag"; 0: none seen */
	__u64 old_ufrag_hash;	     /* of the previous generation: its late checks do not restore it */
	__u64 sock_cookie;	     /* bpf_get_socket_cookie; 0 in captures */
	__u64 cgroup_id;	     /* of the socket, cgroup v2 (bpf_skb_cgroup_id); 0 in captures */
	__u32 in_txid;		     /* hash of the last check in */
	__u32 out_txid;		     /* hash of the node's last check */
	__u32 hs_tick;		     /* when the node last answered a flight, or the handshake ended */
	__u32 check_tick[2];	     /* of the last new check, by direction: CANDOR_TICK(ns); 0: none yet */
	__u32 relay_head[2];	     /* first 4 bytes of the relayed addresses, host byte order */
	__u32 ssrc[2];		     /* SSRC by direction: of RTP if any was seen, else of RTCP */
	__u32 rtp_time[2];	     /* RTP timestamp of the same packet */
	__u16 rtp_seq[2];
	__u16 hs[2];	       /* DTLS progress by direction: 1 + highest message_seq, 256 with epoch >= 1 */
	__u16 stun_error;      /* last ERROR-CODE seen, e.g. 401, 487; 0: none */
	__u16 checks_in;       /* saturating */
	__u16 checks_answered; /* saturating */
	__u16 repeats;	       /* requests or flights repeated after an answer, saturating */
	__u16 generation;      /* +1 with each new ufrag or new call on this 5-tuple */
	__u16 marks;	       /* CANDOR_M_* */
	__u8 rtp_run[2];       /* consecutive plausible media packets by direction, saturating */
	__u8 rtp_type[2];      /* RTP payload type by direction */
	__u16 relay_port[2];   /* of the allocation's relayed addresses, IPv4 and IPv6; 0: none */
	/* What the peer's unencrypted RTCP says of the node's media (flow_report.h). */
	__u32 report_highest; /* sum of the highest sequence numbers in its last report that had any */
	__u16 report_tick; /* CANDOR_REPORT_TICK() when that sum last changed, or before the first report */
	__u8 reports_new;  /* reports that said "more was received"; 255 is followed by 1; 0: none */
	__u8 reports_none; /* reports since that said "nothing new", 2 s apart; 255 is followed by 128 */
	__u8 ufrag_text[CANDOR_UFRAG_TEXT];
};

/* A value of the kernel's flow map. An LRU map cannot contain a bpf_spin_lock, so readers have no BPF_F_LOCK:
 * a copy is consistent when `steps_done` equals `steps_begun`. The kernel copies upwards; therefore
 * `steps_done`, which a step writes last, comes first. */
struct candor_flow_slot {
	__u64 steps_done; /* `steps_begun` as of the last finished step */
	struct candor_flow flow;
	__u64 steps_begun; /* +1 when a step begins; 0: inserted, first packet pending */
};

enum candor_event_kind {
	CANDOR_EVENT_FLOW = 1, /* the phase, the waiting side, a flag of CANDOR_F_EVENT_MASK, the marks or the
				  generation changed */
};

struct candor_event {
	__u32 kind;
	__u32 cpu;
	__u64 time_ns;
	struct candor_flow_key key;
	__u32 reserved;
	struct candor_flow flow; /* the new state */
};

/* Counters. Names and help texts: sidecar/flow/counters.cc. */
enum candor_counter {
	CANDOR_C_PACKETS = 0, /* UDP packets within the configured ports, GSO segments counted */
	CANDOR_C_STUN,
	CANDOR_C_DTLS,
	CANDOR_C_MEDIA, /* SRTP, SRTCP, RTP, RTCP */
	CANDOR_C_CHANNEL_DATA,
	CANDOR_C_QUIC,
	CANDOR_C_ZRTP,
	CANDOR_C_UNKNOWN,      /* UDP of no known kind: ignored */
	CANDOR_C_UNPARSED,     /* begins like a known kind, but is malformed or truncated */
	CANDOR_C_ATTRS_CUT,    /* STUN attributes beyond the walk's bound */
	CANDOR_C_USERNAME_CUT, /* USERNAME longer than the bytes read */
	CANDOR_C_FRAGMENTS,    /* non-first fragments: no ports, not followed */
	CANDOR_C_EXT_CUT,      /* IPv6 extension headers beyond the walk's bound */
	CANDOR_C_FLOWS_NEW,    /* flows inserted */
	CANDOR_C_FLOWS_FULL,   /* inserts refused by the map */
	CANDOR_C_RING_FULL,    /* events lost: user space must reconcile from the map */
	CANDOR_C_EVENTS,
	CANDOR_C_INNER,	     /* packets inside TURN ChannelData, Send or Data; the envelope counts too */
	CANDOR_C_NO_SCRATCH, /* packets not read: no scratch slot was free on this CPU */
	CANDOR_C_MAX,
};

struct candor_counters {
	__u64 n[CANDOR_C_MAX];
};

/* Node-wide activity, per CPU; user space takes the maximum. */
struct candor_activity {
	__u64 last_in_ns; /* last packet of a known kind on any flow */
	__u64 last_out_ns;
};

/* Coarse time, read once per tick: up to two ticks (1-10 ms each) behind. */
struct candor_clock {
	__u64 tick; /* jiffies */
	__u64 ns;
};

/* Packets of the fast path by direction, GSO segments counted; user space adds them to CANDOR_C_PACKETS and
 * to the counter of their kind (sidecar/probe/maps/percpu.h). Added without atomics: ingress is not
 * interrupted by ingress on the same CPU, and an egress that is preempted during an addition loses what
 * others added meanwhile. */
struct candor_fast_counts {
	__u64 media[2];
	__u64 quic[2];
};

/* Per-CPU data other than flows; the fields of the fast path come first, next to each other. */
struct candor_cpu {
	struct candor_activity activity;
	struct candor_clock clock;
	struct candor_fast_counts fast;
	struct candor_counters counters;
};

/* Written by user space before attaching (rodata). */
struct candor_config {
	__u16 port_min; /* local UDP ports followed, inclusive; 0..65535 = all */
	__u16 port_max;
	__u32 reserved;
};

#ifdef __cplusplus
}
#endif
#endif /* CANDOR_ABI_H */
