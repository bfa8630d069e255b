// SPDX-License-Identifier: Apache-2.0
//
// Rows as LiveKit writes them, for tests.
#pragma once

#include <cstdint>
#include <string>

namespace candor::steer {

inline void PutVarint(uint64_t value, std::string& to) {
  for (; value >= 0x80; value >>= 7U) to += static_cast<char>((value & 0x7fU) | 0x80U);
  to += static_cast<char>(value);
}
inline void PutNumber(uint32_t field, uint64_t value, std::string& to) {
  PutVarint(uint64_t{field} << 3U, to);
  PutVarint(value, to);
}
inline void PutText(uint32_t field, const std::string& text, std::string& to) {
  PutVarint((uint64_t{field} << 3U) | 2U, to);
  PutVarint(text.size(), to);
  to += text;
}

struct Made {
  std::string id = "ND_a", ip = "10.0.0.5", region = "";
  uint64_t state = 1;
  int64_t updated_at = 1000;
};

// With statistics, some fields of which Candor does not know, in the order in which Go writes them.
inline std::string MakeRow(const Made& m) {
  std::string stats;
  PutNumber(1, 900, stats);
  PutNumber(2, static_cast<uint64_t>(m.updated_at), stats);
  PutNumber(4, 17, stats);
  PutVarint((18U << 3U) | 5U, stats);  // float load_avg_last1min
  stats += std::string("\0\0\x80\x3f", 4);
  std::string row;
  PutText(1, m.id, row);
  PutText(2, m.ip, row);
  PutNumber(3, 4, row);
  PutText(4, stats, row);
  PutNumber(6, m.state, row);
  if (!m.region.empty()) PutText(7, m.region, row);
  PutText(1000, "of a later version", row);
  return row;
}

}  // namespace candor::steer
