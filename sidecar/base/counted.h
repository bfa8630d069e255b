// SPDX-License-Identifier: Apache-2.0
//
// Numbers with their nouns: "1 attempt", "2 attempts". Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace candor {

// The noun alone. `many` where it is not `one` with an s: ("process", "processes").
inline std::string NounFor(uint64_t n, std::string_view one, std::string_view many = {}) {
  if (n == 1) return std::string(one);
  return many.empty() ? std::string(one) + "s" : std::string(many);
}

inline std::string Counted(uint64_t n, std::string_view one, std::string_view many = {}) {
  return std::to_string(n) + " " + NounFor(n, one, many);
}

}  // namespace candor
