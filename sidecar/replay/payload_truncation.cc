// SPDX-License-Identifier: Apache-2.0
#include "replay/payload_truncation.h"

namespace candor {

uint32_t BytesNeeded(const Slice& payload) {
  if (!payload.Has(1)) return 0;
  const unsigned first = payload.U8(0);
  if (first < 4) return 60;
  if (first >= 20 && first < 64) return 25;
  if (first < 128 || first >= 192) return 0;
  const bool rtcp = payload.Has(2) && payload.U8(1) >= 192 && payload.U8(1) <= 223;
  return rtcp ? 8 : 12;
}

void PayloadTruncation::Add(const Slice& payload) {
  if (payload.wire == 0) return;
  if (payload.bytes.empty()) {
    ++none;
    return;
  }
  const uint32_t needed = BytesNeeded(payload);
  if (needed == 0) return;
  ++(payload.bytes.size() < std::min(payload.wire, needed) ? cut : complete);
}

}  // namespace candor
