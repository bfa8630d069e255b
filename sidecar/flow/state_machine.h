// SPDX-License-Identifier: Apache-2.0
//
// The C headers of bpf/ for user space: packet parsing and the flow state machine, with all of Candor's
// warnings except the one about C casts.
// Tested in tests/flow.
#pragma once

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#include "bpf/flow_step.h"
#include "bpf/read_packet.h"
#pragma GCC diagnostic pop
