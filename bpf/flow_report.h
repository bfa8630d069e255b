/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the peer's unencrypted RTCP says of the node's media: more was received, or nothing new. Whether the
 * node has sent meanwhile is not known here, because RTCP often has a 5-tuple of its own: user space decides
 * (sidecar/attempt/peer_reports.h). Tested in tests/flow/rtcp_wire_test.cc.
 */
#ifndef CANDOR_FLOW_REPORT_H
#define CANDOR_FLOW_REPORT_H

#include "bpf/flow_common.h"

/* "Nothing new" counts once in this time, 2.0 s in units of report_tick: feedback packets follow each other
 * within milliseconds, and a duplicate says nothing. */
#define CANDOR_REPORT_APART 30u
/* From so many on they are counted without that rule: report_tick wraps. */
#define CANDOR_REPORTS_MANY 128u

CANDOR_INLINE void candor_note_report(struct candor_flow *f, const struct candor_packet *p, __u64 now)
{
	__u16 tick = CANDOR_REPORT_TICK(now), age;

	if (!(p->flags & CANDOR_P_REPORT))
		return;
	if (p->highest && p->highest != f->report_highest) {
		f->report_highest = p->highest;
		f->report_tick = tick;
		f->reports_new = (__u8)(f->reports_new == 255 ? 1 : f->reports_new + 1);
		f->reports_none = 0;
		return;
	}
	if (!f->reports_new && !f->reports_none)
		f->report_tick = (__u16)(tick - CANDOR_REPORT_APART);
	age = (__u16)(tick - f->report_tick);
	if (f->reports_none < CANDOR_REPORTS_MANY && age < CANDOR_REPORT_APART * (f->reports_none + 1u))
		return;
	f->reports_none = (__u8)(f->reports_none == 255 ? CANDOR_REPORTS_MANY : f->reports_none + 1);
}

#endif /* CANDOR_FLOW_REPORT_H */
