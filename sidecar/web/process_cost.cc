// SPDX-License-Identifier: Apache-2.0
#include "web/process_cost.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace candor::web {
namespace {

// Fields of proc(5) "stat", counted from the first one after the name.
constexpr size_t kUtime = 11, kStime = 12, kThreads = 17, kVsize = 20, kRss = 21;

uint64_t CountFds() {
  uint64_t n = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; !error && at != end;
       at.increment(error)) {
    ++n;
  }
  return n > 0 ? n - 1 : 0;  // without the one that reads
}

uint64_t MaxFds() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

}  // namespace

std::optional<ProcessCost> ParseStat(std::string_view stat, double ticks_per_second, uint64_t page_bytes) {
  const size_t name_end = stat.rfind(')');
  if (name_end == std::string_view::npos || !(ticks_per_second > 0)) return std::nullopt;
  std::istringstream in{std::string(stat.substr(name_end + 1))};
  std::string state;
  in >> state;
  std::vector<int64_t> fields{0};  // for `state`: indices are those of proc(5)
  for (int64_t value = 0; in >> value;) fields.push_back(value);
  if (fields.size() <= kRss) return std::nullopt;
  ProcessCost cost;
  cost.cpu_seconds = static_cast<double>(fields[kUtime] + fields[kStime]) / ticks_per_second;
  cost.threads = static_cast<uint64_t>(fields[kThreads]);
  cost.virtual_bytes = static_cast<uint64_t>(fields[kVsize]);
  cost.resident_bytes = static_cast<uint64_t>(fields[kRss]) * page_bytes;
  return cost;
}

std::optional<ProcessCost> ReadProcessCost() {
  std::ifstream in("/proc/self/stat", std::ios::binary);
  const std::string stat{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  auto cost = ParseStat(stat, static_cast<double>(::sysconf(_SC_CLK_TCK)),
                        static_cast<uint64_t>(::sysconf(_SC_PAGESIZE)));
  if (!cost) return std::nullopt;
  cost->open_fds = CountFds();
  cost->max_fds = MaxFds();
  return cost;
}

}  // namespace candor::web
