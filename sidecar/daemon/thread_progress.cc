// SPDX-License-Identifier: Apache-2.0
#include "daemon/thread_progress.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "base/read_file.h"

namespace candor::daemon {
namespace {

constexpr int kUserTime = 14, kSystemTime = 15;  // numbers of fields in proc(5)

}  // namespace

std::optional<ThreadTime> ParseThreadTime(std::string_view stat) {
  // The name, field 2, may have any character: the fields after it begin at the last parenthesis.
  const size_t name_end = stat.rfind(") ");
  if (name_end == std::string_view::npos || name_end + 2 >= stat.size()) return std::nullopt;
  stat.remove_prefix(name_end + 2);
  ThreadTime out{stat.front(), 0};
  for (int field = 3; field <= kSystemTime; ++field) {
    const size_t end = stat.find(' ');
    if (end == std::string_view::npos) return std::nullopt;
    uint64_t ticks = 0;
    if (field >= kUserTime && std::from_chars(stat.data(), stat.data() + end, ticks).ec != std::errc())
      return std::nullopt;
    out.ticks += ticks;
    stat.remove_prefix(end + 1);
  }
  return out;
}

bool ThreadProgress::Starved(pid_t thread) {
  const auto text = ReadFile(fmt::format("{}/task/{}/stat", proc_, thread));
  const auto now = text ? ParseThreadTime(*text) : std::nullopt;
  if (!now) return false;
  const bool same = std::exchange(thread_, thread) == thread;
  const uint64_t before = std::exchange(ticks_, now->ticks);
  return same && now->state == 'R' && now->ticks - before < kStarvedTicks;
}

}  // namespace candor::daemon
