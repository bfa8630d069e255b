/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Accepted TCP connections by cgroup and local port: the data that the program (sessions.bpf.c) and user
 * space share. Tested in tests/probe/sessions/session_probe_test.cc.
 */
#ifndef CANDOR_SESSIONS_H
#define CANDOR_SESSIONS_H

#include <linux/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CANDOR_SESSION_NAMESPACES 16  /* network namespaces watched at once */
#define CANDOR_SESSION_PORTS	  256 /* entries of the map; connections to ports beyond are `refused` */

struct candor_session_key {
	__u64 cgroup_id; /* of the accepted socket, which has that of the listening one */
	__u16 port;	 /* local */
	__u16 reserved[3];
};

/* Memory mapped by both sides: user space writes `namespaces`. */
struct candor_sessions {
	/* A namespace by the inode of its /proc/PID/net/stat; 0: unused. */
	__u32 namespaces[CANDOR_SESSION_NAMESPACES];
	__u64 refused; /* connections that were not counted because the map was full */
};

#ifdef __cplusplus
static_assert(sizeof(struct candor_session_key) == 16);
static_assert(sizeof(struct candor_sessions) == 4 * CANDOR_SESSION_NAMESPACES + 8);
}
#endif
#endif /* CANDOR_SESSIONS_H */
