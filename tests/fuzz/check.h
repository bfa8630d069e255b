// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace candor::fuzz {

// Aborts with the broken invariant.
inline void Check(bool holds, const char* law) {
  if (holds) return;
  std::fprintf(stderr, "BROKEN LAW: %s\n", law);
  std::abort();
}

// The same for functions that return the broken invariant; empty: none.
inline void Check(const std::string& broken) { Check(broken.empty(), broken.c_str()); }

}  // namespace candor::fuzz
