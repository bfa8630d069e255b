/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Small pieces that every layer of the flow state machine uses.
 */
#ifndef CANDOR_FLOW_COMMON_H
#define CANDOR_FLOW_COMMON_H

#include "bpf/bytes.h"
#include "bpf/packet.h"

CANDOR_INLINE void candor_since(__u64 *since, __u64 now)
{
	if (!*since)
		*since = now;
}

CANDOR_INLINE void candor_count16(__u16 *n)
{
	if (*n < 0xffff)
		(*n)++;
}

CANDOR_INLINE void candor_reach(struct candor_flow *f, __u8 phase)
{
	if (f->phase < phase)
		f->phase = phase;
}

#endif /* CANDOR_FLOW_COMMON_H */
