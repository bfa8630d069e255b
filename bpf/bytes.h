/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How bytes of a packet are read: the only difference between kernel and user space. In the kernel
 * bpf_skb_load_bytes() is the only way to the payload of every packet (with GSO, GRO and large packets only
 * 28 or 48 bytes are linear). In user space a capture's snap length may have cut the packet.
 */
#ifndef CANDOR_BYTES_H
#define CANDOR_BYTES_H

#include <linux/types.h>

#ifdef __bpf__
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#define CANDOR_INLINE static __always_inline
/* Hides the origin of a value from the compiler, so that a following mask stays in the code: the verifier
 * then sees the bound and does not follow one path per value. */
#define CANDOR_OPAQUE(x) asm volatile("" : "+r"(x))
/* A compiler barrier: memory is written and read again. Values read from a map are unknown to the verifier,
 * so its paths converge here; without it their number doubles with every flag that may be set. */
#define CANDOR_RELOAD() asm volatile("" ::: "memory")
/* The same for one local number, which goes through `place` in a map. */
#define CANDOR_RELOAD_VALUE(x, place)                                                                        \
	do {                                                                                                 \
		(place) = (x);                                                                               \
		CANDOR_RELOAD();                                                                             \
		(x) = (place);                                                                               \
	} while (0)
/* Egress is preemptible and interrupted by softirqs, so a per-CPU counter needs an atomic add too. */
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

/* Copies `n` bytes at `offset` to `to`; -1 when the packet does not have them. `n` must be a constant or
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
