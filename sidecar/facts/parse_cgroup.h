// SPDX-License-Identifier: Apache-2.0
//
// The files of a cgroup, and where cgroups are mounted. Pure.
// Source: kernel/cgroup/cgroup.c, kernel/sched/core.c (cpu.stat), kernel/sched/psi.c of Linux 6.1 to 6.18.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace candor {

// Of a flat keyed file ("nr_throttled 12"); nullopt: it has no such key.
std::optional<uint64_t> ValueOf(std::string_view text, std::string_view key);

// cpu.stat of v2 (throttled_usec) or v1 (throttled_time, in ns); nullopt: no quota can be set there.
struct CpuStat {
  uint64_t periods = 0, throttled_periods = 0;
  Duration throttled{};
  bool operator==(const CpuStat&) const = default;
};
std::optional<CpuStat> ParseCpuStat(std::string_view text);

// A *.pressure file, or one of /proc/pressure.
struct PressureTotals {
  double some_avg10 = 0, full_avg10 = 0;  // shares, 0..1
  Duration some{}, full{};                // since boot
  bool operator==(const PressureTotals&) const = default;
};
std::optional<PressureTotals> ParsePressure(std::string_view text);

// Mount points by what is mounted there: "cgroup2", or a v1 controller ("cpu", "memory", "freezer").
using CgroupMounts = std::map<std::string, std::string>;
CgroupMounts ParseCgroupMounts(std::string_view mountinfo);

// /proc/PID/cgroup: paths by controller, that of v2 under "cgroup2". Paths outside this cgroup namespace
// ("/../x") are left out.
using CgroupPaths = std::map<std::string, std::string>;
CgroupPaths ParseCgroupPaths(std::string_view text);

}  // namespace candor
