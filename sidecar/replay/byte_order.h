// SPDX-License-Identifier: Apache-2.0
//
// Unsigned integers from bytes of either order. Reads 2, 4 or 8 bytes at `p` without a check. Pure.
// Tested by tests/replay/capture_file/capture_reader_test.cc.
#pragma once

#include <cstdint>

namespace candor {

struct ByteOrder {
  bool big = false;

  uint16_t U16(const uint8_t* p) const {
    return static_cast<uint16_t>(big ? (p[0] << 8) | p[1] : (p[1] << 8) | p[0]);
  }
  uint32_t U32(const uint8_t* p) const {
    const uint32_t first = U16(p), second = U16(p + 2);
    return big ? (first << 16) | second : (second << 16) | first;
  }
  uint64_t U64(const uint8_t* p) const {
    const uint64_t first = U32(p), second = U32(p + 4);
    return big ? (first << 32) | second : (second << 32) | first;
  }
};

inline constexpr ByteOrder kNetworkOrder{true};

}  // namespace candor
