// SPDX-License-Identifier: Apache-2.0
//
// The plain C of bpf/ as user space compiles it: packet reading and the flow state machine. C casts are C's
// way; everything else is held to Candor's own warnings.
#pragma once

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#include "bpf/flow_step.h"
#include "bpf/read_packet.h"
#pragma GCC diagnostic pop
