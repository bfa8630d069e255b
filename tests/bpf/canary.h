// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace candor {

// Whether this kernel still loads BPF programs: a child process loads a two-instruction program and has 5 s
// for it. Some kernels have a loader that deadlocks for good, and a test must not hang. Returns the failure,
// empty without one.
std::string RunCanary();

}  // namespace candor
