// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace candor {

// Whether this kernel still loads BPF programs: a child process loads a two-instruction program and has 5 s
// for it. Kernels exist whose loader deadlocks for good, unkillably; a test must not find out by hanging.
// Returns what is wrong, empty when all is well.
std::string RunCanary();

}  // namespace candor
