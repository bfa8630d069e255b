// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay_attempts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "cli/render/table.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr size_t kWorst = 10;
constexpr size_t kBarCells = 40;

// The severity for the operator of the node; 0: none.
int Severity(const AttemptView& a) {
  switch (a.outcome) {
    case Outcome::kStalled:
      return a.waiting_on == WaitingOn::kNode ? 9 : a.waiting_on == WaitingOn::kPath ? 7 : 5;
    case Outcome::kEarlyDrop:
      return 8;
    case Outcome::kPending:
      return 6;
    case Outcome::kUnanswered:
      return 4;
    case Outcome::kRefused:
      return 3;
    case Outcome::kLeft:
      return 2;
    case Outcome::kActive:
    case Outcome::kReplaced:
      return 0;
  }
  return 0;
}

Hue OutcomeHue(const AttemptView& a) {
  if (a.outcome == Outcome::kActive) return Hue::kGreen;
  return Severity(a) >= 7 ? Hue::kRed : Severity(a) > 0 ? Hue::kYellow : Hue::kDim;
}

std::vector<const AttemptView*> Chosen(const ReplayReport& r, bool all) {
  std::vector<const AttemptView*> rows;
  for (const AttemptView& a : r.attempts) {
    if (all || Severity(a) > 0) rows.push_back(&a);
  }
  if (!all) {
    std::stable_sort(rows.begin(), rows.end(),
                     [](const AttemptView* a, const AttemptView* b) { return Severity(*a) > Severity(*b); });
  }
  return rows;
}

}  // namespace

std::string RenderFunnel(const ReplayReport& r) {
  std::array<uint64_t, CANDOR_PHASE_ACTIVE + 1> reached{};
  for (const AttemptView& a : r.attempts) {
    // Never answered: not an attempt.
    if (a.outcome == Outcome::kUnanswered) continue;
    for (size_t p = CANDOR_PHASE_OFFERED; p <= static_cast<size_t>(a.phase); ++p) ++reached[p];
  }
  const auto all = static_cast<double>(reached[CANDOR_PHASE_OFFERED]);
  if (all == 0) return "";
  Table table({{"REACHED"}, {"ATTEMPTS", true}, {"SHARE", true}, {""}}, 2);
  for (size_t p = CANDOR_PHASE_OFFERED; p < reached.size(); ++p) {
    const auto n = static_cast<double>(reached[p]);
    table.Add({{std::string(Name(static_cast<Phase>(p)))},
               {Thousands(reached[p])},
               {Percent(n / all)},
               {Bar(n, all, kBarCells)}});
  }
  return "\n" + table.Render(Style{});
}

std::string RenderOutcomes(const AttemptCounts& c) {
  const auto stalled = [&](WaitingOn o) { return c.stalled[static_cast<size_t>(o)]; };
  std::string text = fmt::format("{} attempts: {} active", Thousands(c.attempts), Thousands(c.active));
  const std::pair<uint64_t, const char*> rows[] = {
      {c.early_drop, "of these dropped early by the node"},
      {c.late, "of these late, after their deadline"},
      {stalled(WaitingOn::kNode), "stalled by the node"},
      {stalled(WaitingOn::kPath), "stalled by the path"},
      {stalled(WaitingOn::kPeer), "stalled by the peer"},
      {stalled(WaitingOn::kNone), "stalled, waiting on none"},
      {c.left, "left by the peer"},
      {c.refused, "refused"},
      {c.pending, "pending"},
      {c.replaced, "replaced by a restart (not counted as attempts: their replacements are)"},
      {c.AllLostHere(), "of the failed dropped by this node"},
      {c.unanswered, "never answered (not counted as attempts: any host can send them)"},
  };
  for (const auto& [n, what] : rows) {
    if (n > 0) text += fmt::format(", {} {}", Thousands(n), what);
  }
  return "\n" + Wrap(text, 0) + SumError(c);
}

std::string SumError(const AttemptCounts& c) {
  if (c.AddsUp()) return "";
  return fmt::format(
      "THE COUNTS DO NOT ADD UP: {} attempts, but {} active, {} stalled, {} left, {} refused and {} pending; "
      "this is a bug of Candor, please report it\n",
      c.attempts, c.active, c.AllStalled(), c.left, c.refused, c.pending);
}

std::string RenderAttempts(const ReplayReport& r, bool all, const Style& style) {
  const std::vector<const AttemptView*> rows = Chosen(r, all);
  if (rows.empty()) return "";
  const size_t shown = all ? rows.size() : std::min(rows.size(), kWorst);
  Table table({{"KEY"},
               {"SINCE START", true},
               {"ACTIVE AFTER", true},
               {"PHASE"},
               {"WAITING ON"},
               {"OUTCOME"},
               {"PEER"}},
              2);
  for (size_t i = 0; i < shown; ++i) {
    const AttemptView& a = *rows[i];
    const bool active = a.active != Time{};
    table.Add({{Printable(a.key)},
               {fmt::format("{:+.3f} s", Seconds(a.first - r.span.first))},
               {active ? fmt::format("{:.1f} ms", 1000 * Seconds(a.active - a.first)) : "never"},
               {std::string(Name(a.phase))},
               {std::string(Name(a.waiting_on))},
               {std::string(Name(a.outcome)), OutcomeHue(a)},
               {a.peer.ToString()}});
  }
  const std::string title =
      all ? "\nALL ATTEMPTS\n"
          : fmt::format("\nTHE WORST {} OF {} THAT DID NOT STAY ACTIVE\n", shown, rows.size());
  return title + table.Render(style);
}

}  // namespace candor::cli
