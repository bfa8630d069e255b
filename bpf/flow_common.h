/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Functions that every layer of the flow state machine uses.
 */
#ifndef CANDOR_FLOW_COMMON_H
#define CANDOR_FLOW_COMMON_H

#include "bpf/bytes.h"
#include "bpf/packet.h"

CANDOR_INLINE void candor_set_once(__u64 *since, __u64 now)
{
	if (!*since)
		*since = now;
}

CANDOR_INLINE void candor_increment16(__u16 *n)
{
	if (*n < 0xffff)
		(*n)++;
}

CANDOR_INLINE void candor_advance_phase(struct candor_flow *f, __u8 phase)
{
	if (f->phase < phase)
		f->phase = phase;
}

/*
 * A repetition within this time is a duplicate by the network or the capture, or another part of the same
 * flight, and no retransmission: the shortest timers in use are 50 ms for a handshake (libwebrtc) and 100 ms
 * for a check (pjnath); the RFCs have 400 ms and 500 ms. The kernel's coarse clock is up to two ticks behind.
 */
#define CANDOR_COPY_NS 25000000ull

#endif /* CANDOR_FLOW_COMMON_H */
