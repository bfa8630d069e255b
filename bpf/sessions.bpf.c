/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Counts the TCP connections that listening sockets accept in the watched network namespaces: what the media
 * server's signalling takes in. A separate object: a kernel that refuses it can still load the others. It
 * runs for every change of a TCP socket's state on the machine; most calls end at the first check.
 *
 * On the listening side a connection becomes ESTABLISHED from SYN_RECV, with the handshake's last packet and
 * before the process calls accept(). A SYN flood, with or without SYN cookies, gets no further than SYN_RECV.
 * The socket is a copy of the listening one, with its cgroup (sk_clone).
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "bpf/kernel_types.h"
#include "bpf/sessions.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define TCP	    6
#define ESTABLISHED 1
#define SYN_RECV    3

struct candor_sessions candor_sessions;

/* Connections by key. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, CANDOR_SESSION_PORTS);
	__type(key, struct candor_session_key);
	__type(value, __u64);
} accepted SEC(".maps");

/* Arguments: socket, state before, state now. */
SEC("tp_btf/inet_sock_set_state")
int candor_on_state(__u64 *args)
{
	const struct sock *sk = (const struct sock *)args[0];
	struct candor_session_key key = {};
	__u64 *count, one = 1;

	if ((int)args[1] != SYN_RECV || (int)args[2] != ESTABLISHED)
		return 0;
	if (BPF_CORE_READ(sk, sk_protocol) != TCP)
		return 0;
	if (!is_watched(namespace_of_socket(sk), candor_sessions.namespaces, CANDOR_SESSION_NAMESPACES))
		return 0;
	key.cgroup_id = cgroup_of_socket(sk);
	key.port = BPF_CORE_READ(sk, __sk_common.skc_num);
	count = bpf_map_lookup_elem(&accepted, &key);
	/* Another CPU may insert it meanwhile. */
	if (!count && bpf_map_update_elem(&accepted, &key, &one, BPF_NOEXIST))
		count = bpf_map_lookup_elem(&accepted, &key);
	else if (!count)
		return 0;
	__sync_fetch_and_add(count ? count : &candor_sessions.refused, 1);
	return 0;
}
