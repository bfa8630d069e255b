// SPDX-License-Identifier: Apache-2.0
#include "facts/parse_process.h"

#include "facts/words.h"

namespace candor {

// "1234 (a name) S 1 ...": a name may contain parentheses and spaces, nothing behind it does.
std::optional<ProcStat> ParseProcStat(std::string_view text) {
  const size_t open = text.find('('), close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
  ProcStat out;
  out.name = text.substr(open + 1, close - open - 1);
  std::string_view rest = text.substr(close + 1);
  rest = TakeLine(&rest);
  const std::string_view state = TakeWord(&rest);
  if (state.size() != 1) return std::nullopt;
  out.state = state.front();
  constexpr int kBetween = 18;  // fields 4 to 21; starttime is the 22nd
  SkipWords(&rest, kBetween);
  const auto start = NumberOf(TakeWord(&rest));
  if (!start) return std::nullopt;
  out.start_ticks = *start;
  return out;
}

std::optional<uint64_t> ParseOpenFilesLimit(std::string_view limits) {
  constexpr std::string_view kName = "Max open files";
  while (!limits.empty()) {
    std::string_view line = TakeLine(&limits);
    if (!line.starts_with(kName)) continue;
    line.remove_prefix(kName.size());
    const std::string_view soft = TakeWord(&line);
    return soft == "unlimited" ? std::optional(UINT64_MAX) : NumberOf(soft);
  }
  return std::nullopt;
}

}  // namespace candor
