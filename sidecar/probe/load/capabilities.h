// SPDX-License-Identifier: Apache-2.0
//
// The capabilities that the BPF programs need (capabilities(7)): CAP_BPF to load them, CAP_NET_ADMIN to
// attach them, and CAP_PERFMON, without which the verifier adds its checks against speculative execution and
// refuses loops over a buffer. CAP_SYS_ADMIN includes CAP_BPF and CAP_PERFMON, and on some kernels does not
// include CAP_NET_ADMIN. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace candor {

// The effective set of the calling thread, one bit per capability number; all bits when capget(2) fails, so
// that none is reported as missing.
uint64_t OwnCapabilities();

// Those of CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON that `effective` lacks, in this order.
std::vector<std::string> MissingCapabilities(uint64_t effective);

bool HasNetAdmin(uint64_t effective);

}  // namespace candor
