// SPDX-License-Identifier: Apache-2.0
#include "replay/capture_file/pcapng_time.h"

namespace candor {
namespace {

constexpr int64_t kYear2200 = 7258118400;  // seconds since 1970

using Wide = __int128;  // ticks of 64 bits times 10^9 need 94

// `ticks` of 10^-n seconds; beyond 10^-28 every 64-bit count is less than a nanosecond.
Wide DecimalNanos(uint64_t ticks, unsigned n) {
  Wide ns = ticks;
  for (; n < 9; ++n) ns *= 10;
  for (; n > 9 && ns != 0; --n) ns /= 10;
  return ns;
}

}  // namespace

std::optional<Time> PcapngClock::At(uint64_t ticks) const {
  const unsigned n = resolution & 0x7fu;
  Wide ns = (resolution & 0x80u) != 0 ? (Wide{ticks} * 1000000000) >> n : DecimalNanos(ticks, n);
  ns += Wide{offset_seconds} * 1000000000;
  if (ns < 0 || ns >= Wide{kYear2200} * 1000000000) return std::nullopt;
  return TimeFromNanos(static_cast<uint64_t>(ns));
}

}  // namespace candor
