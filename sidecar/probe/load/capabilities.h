// SPDX-License-Identifier: Apache-2.0
//
// Which of the capabilities that the probes need this thread has: CAP_BPF to load, CAP_NET_ADMIN to attach,
// CAP_PERFMON because without it the verifier applies its rules against speculation, which refuse loops over
// a buffer. Source: capabilities(7); CAP_SYS_ADMIN stands in for CAP_BPF and CAP_PERFMON, and on some kernels
// only for CAP_NET_ADMIN.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace candor {

// The effective set of a /proc/<pid>/status text, one bit per capability number.
Result<uint64_t> ParseEffectiveCapabilities(std::string_view status);

// Of CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON those that `effective` lacks, in this order.
std::vector<std::string> MissingCapabilities(uint64_t effective);

bool HasNetAdmin(uint64_t effective);

// Of the calling thread; all capabilities when <proc> does not tell: then none is blamed.
uint64_t OwnCapabilities(const std::string& proc);

}  // namespace candor
