// SPDX-License-Identifier: Apache-2.0
//
// Time is a parameter: logic receives `now` and reads no clock. A Time counts nanoseconds of the *source's*
// clock: CLOCK_MONOTONIC for the kernel (bpf_ktime_get_ns), the time stamps of a capture (since 1970) in
// replay, the time since the start of a trace for the judge. Times of different sources do not mix.
#pragma once

#include <chrono>
#include <cstdint>

namespace candor {

using Duration = std::chrono::nanoseconds;

// A tag, not a clock to read: it has no now().
struct SourceClock {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<SourceClock, Duration>;
  static constexpr bool is_steady = true;
};
using Time = SourceClock::time_point;

// CLOCK_BOOTTIME: since this boot of the machine, suspends included; negative: before this boot. Setting the
// wall clock does not change it, so durations across a restart of candord are measured by it.
struct BootClock {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<BootClock, Duration>;
  static constexpr bool is_steady = true;
};
using BootTime = BootClock::time_point;

constexpr Time TimeFromNanos(uint64_t ns) { return Time(Duration(static_cast<int64_t>(ns))); }
constexpr uint64_t NanosOf(Time t) { return static_cast<uint64_t>(t.time_since_epoch().count()); }

constexpr double Seconds(Duration d) { return std::chrono::duration<double>(d).count(); }
constexpr double SecondsOf(Time t) { return Seconds(t.time_since_epoch()); }
// Rounds to the nearest nanosecond; |s| must stay below 9.2e9 (292 years).
constexpr Duration FromSeconds(double s) {
  return Duration(static_cast<int64_t>(s * 1e9 + (s < 0 ? -0.5 : 0.5)));
}

// CLOCK_MONOTONIC, the clock of the kernel source. Called by sources, threads and servers only.
Time MonotonicNow();
// CLOCK_BOOTTIME: the same, but goes on during a suspend.
Duration SinceBoot();
inline BootTime BootNow() { return BootTime(SinceBoot()); }

}  // namespace candor
