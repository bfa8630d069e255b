/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The one difference between kernel and user space: how bytes of a packet are read. In the kernel only
 * bpf_skb_load_bytes sees the payload of every packet (with GSO, GRO and large packets only 28 or 48 bytes
 * are linear). In user space the packet may be cut by a capture's snap length.
 */
#ifndef CANDOR_BYTES_H
#define CANDOR_BYTES_H

#include <linux/types.h>

#ifdef __bpf__
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#define CANDOR_INLINE static __always_inline
/* Hides a value's origin from the compiler, so that a following mask stays in the code and the verifier
 * sees the bound (and does not follow one path per value). */
#define CANDOR_OPAQUE(x) asm volatile("" : "+r"(x))
/* Everything known of memory is written and read anew: what the verifier knows of a value ends here, and its
 * paths meet again. Without it they multiply with every flag that may or may not be set. */
#define CANDOR_RELOAD() asm volatile("" ::: "memory")
/* The same for one local number, by way of a place in a map. */
#define CANDOR_RELOAD_VALUE(x, place)                                                                        \
	do {                                                                                                 \
		(place) = (x);                                                                               \
		CANDOR_RELOAD();                                                                             \
		(x) = (place);                                                                               \
	} while (0)
/* Egress runs preemptible and softirqs interrupt it, so even a per-CPU counter needs an atomic add. */
#define CANDOR_ADD(counter, n) __sync_fetch_and_add(&(counter), n)
#else
#include <string.h>
#define CANDOR_INLINE		      static inline
#define CANDOR_OPAQUE(x)	      ((void)0)
#define CANDOR_RELOAD()		      ((void)0)
#define CANDOR_RELOAD_VALUE(x, place) ((void)0)
#define CANDOR_ADD(counter, n)	      ((counter) += (n))
#endif

struct candor_bytes {
#ifdef __bpf__
	struct __sk_buff *skb;
#else
	const __u8 *data;
	__u32 captured; /* bytes at data */
#endif
	__u32 length; /* bytes on the wire, from the IP header on */
};

/* Copies `n` bytes at `offset` to `to`; 0 on success, -1 when they are not there. `n` must be a constant or
 * bounded by a mask. */
CANDOR_INLINE int candor_load(const struct candor_bytes *b, __u32 offset, void *to, __u32 n)
{
#ifdef __bpf__
	return bpf_skb_load_bytes(b->skb, offset, to, n) ? -1 : 0;
#else
	if (offset > b->captured || n > b->captured - offset)
		return -1;
	memcpy(to, b->data + offset, n);
	return 0;
#endif
}

CANDOR_INLINE __u16 candor_be16(const __u8 *p)
{
	return (__u16)((__u32)p[0] << 8 | p[1]);
}

CANDOR_INLINE __u32 candor_be32(const __u8 *p)
{
	return (__u32)p[0] << 24 | (__u32)p[1] << 16 | (__u32)p[2] << 8 | p[3];
}

#endif /* CANDOR_BYTES_H */
