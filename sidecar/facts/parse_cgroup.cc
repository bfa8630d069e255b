// SPDX-License-Identifier: Apache-2.0
#include "facts/parse_cgroup.h"

#include <array>

#include "facts/words.h"

namespace candor {
namespace {

Duration Micros(uint64_t us) { return std::chrono::microseconds(us); }

// "some avg10=1.50 avg60=0.00 avg300=0.00 total=12345", without its first word.
bool ParseShares(std::string_view line, double* avg10, Duration* total) {
  bool found = false;
  for (std::string_view word = TakeWord(&line); !word.empty(); word = TakeWord(&line)) {
    const size_t equals = std::min(word.find('='), word.size());
    const std::string_view key = word.substr(0, equals),
                           value = word.substr(std::min(equals + 1, word.size()));
    if (key == "avg10") {
      double percent = 0;
      std::from_chars(value.data(), value.data() + value.size(), percent);
      *avg10 = percent / 100;
    } else if (key == "total") {
      const auto us = NumberOf(value);
      if (us) *total = Micros(*us), found = true;
    }
  }
  return found;
}

template <class Visit>
void ForEachOf(std::string_view list, const Visit& visit) {
  while (!list.empty()) {
    const size_t end = std::min(list.find(','), list.size());
    visit(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

}  // namespace

std::optional<uint64_t> ValueOf(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    std::string_view line = TakeLine(&text);
    if (TakeWord(&line) == key) return NumberOf(TakeWord(&line));
  }
  return std::nullopt;
}

std::optional<CpuStat> ParseCpuStat(std::string_view text) {
  const auto periods = ValueOf(text, "nr_periods"), throttled = ValueOf(text, "nr_throttled");
  if (!periods || !throttled) return std::nullopt;
  CpuStat out{*periods, *throttled, {}};
  if (const auto us = ValueOf(text, "throttled_usec")) {
    out.throttled = Micros(*us);
  } else if (const auto ns = ValueOf(text, "throttled_time")) {
    out.throttled = Duration(static_cast<int64_t>(*ns));
  } else {
    return std::nullopt;
  }
  return out;
}

std::optional<PressureTotals> ParsePressure(std::string_view text) {
  PressureTotals out;
  bool some = false;
  while (!text.empty()) {
    std::string_view line = TakeLine(&text);
    const std::string_view kind = TakeWord(&line);
    if (kind == "some") some = ParseShares(line, &out.some_avg10, &out.some);
    if (kind == "full") ParseShares(line, &out.full_avg10, &out.full);
  }
  return some ? std::optional(out) : std::nullopt;
}

// "36 29 0:31 / /sys/fs/cgroup rw,relatime shared:9 - cgroup2 cgroup2 rw" (proc(5)).
CgroupMounts ParseCgroupMounts(std::string_view mountinfo) {
  CgroupMounts out;
  while (!mountinfo.empty()) {
    std::string_view line = TakeLine(&mountinfo);
    SkipWords(&line, 4);
    const std::string_view where = TakeWord(&line);
    const size_t dash = line.find(" - ");
    if (dash == std::string_view::npos) continue;
    line.remove_prefix(dash + 3);
    const std::string_view type = TakeWord(&line);
    if (type == "cgroup2") out.emplace("cgroup2", where);
    if (type != "cgroup") continue;
    SkipWords(&line, 1);
    ForEachOf(TakeWord(&line), [&](std::string_view option) {
      for (const std::string_view controller : {"cpu", "memory", "freezer"}) {
        if (option == controller) out.emplace(option, where);
      }
    });
  }
  return out;
}

// "4:cpu,cpuacct:/system.slice/x.service", "0::/system.slice/x.service" (cgroups(7)).
CgroupPaths ParseCgroupPaths(std::string_view text) {
  CgroupPaths out;
  while (!text.empty()) {
    std::string_view line = TakeLine(&text);
    const size_t first = line.find(':');
    const size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string path(line.substr(second + 1));
    if (path.starts_with("/..")) continue;
    if (controllers.empty()) out.emplace("cgroup2", path);
    ForEachOf(controllers, [&](std::string_view controller) { out.emplace(controller, path); });
  }
  return out;
}

}  // namespace candor
