// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a trace of attempts: events in order of time, or an error with line and column; and the
// verdict of the judge after each event keeps the rules of verdict_laws.h.
#include <algorithm>
#include <sstream>
#include <unordered_set>

#include "check.h"
#include "cli/offline/judge.h"
#include "cli/offline/trace_reader.h"
#include "targets.h"
#include "verdict/judge.h"
#include "verdict_laws.h"

namespace candor::fuzz {
namespace {

constexpr Time kEpoch = Time(std::chrono::seconds(1));
constexpr Duration kDisorder = std::chrono::microseconds(2);  // one by the format, one by rounding

// "line N, column M: ..." with both in the text.
void CheckPlace(const std::string& message, const std::string& text) {
  unsigned long line = 0, column = 0;
  Check(std::sscanf(message.c_str(), "line %lu, column %lu: ", &line, &column) == 2,
        "an error names its place");
  std::istringstream in(text);
  std::string at;
  for (unsigned long i = 0; i < line; ++i) {
    Check(static_cast<bool>(std::getline(in, at)), "an error's line is in the text");
  }
  Check(line >= 1 && column >= 1 && column <= at.size() + 1, "an error's column is in its line");
}

class Reading {
 public:
  Reading() : judge_(Options()) {}

  void Take(const AttemptEvent& e) {
    Check(e.at >= kEpoch && e.at >= last_ - kDisorder, "time never runs backwards");
    ticked_ += std::clamp<Duration>(e.at - last_, Duration(0), std::chrono::hours(1));
    last_ = std::max(last_, e.at);
    const bool first = e.kind == AttemptEvent::Kind::kOffered;
    Check(e.id > 0 && seen_.insert(e.id).second == first, "an attempt is offered once, and first");
    const Verdict before = judge_.verdict();
    judge_.Observe(e);
    const Verdict after = judge_.verdict();
    Check(BrokenIn(after));
    Check(BrokenBetween(before, after));
    const Verdict& ticked = judge_.Tick(last_);
    Check(BrokenIn(ticked));
    Check(BrokenBetween(after, ticked));
  }
  // Of the time that RunJudge goes through in ticks: of a hole only the first hour.
  Duration ticked() const { return ticked_; }

 private:
  static JudgeOptions Options() {
    JudgeOptions options;
    options.max_attempts = 16;  // small, so that eviction runs too
    return options;
  }
  Judge judge_;
  Time last_ = kEpoch;
  Duration ticked_{};
  std::unordered_set<uint64_t> seen_;
};

}  // namespace

void Trace(Input input) {
  const std::string text(input.begin(), input.end());
  std::istringstream in(text);
  TraceReader reader(in, kEpoch);
  Reading reading;
  bool damaged = false;
  while (true) {
    const auto event = reader.Next();
    damaged = !event.has_value();
    if (damaged) CheckPlace(event.error().message, text);
    if (damaged || !event->has_value()) break;
    reading.Take(**event);
  }
  if (reading.ticked() > std::chrono::hours(2)) return;  // known to work, and slow
  std::istringstream again(text);
  std::ostringstream out, err;
  JudgeArguments command;
  command.json = true;
  const int code = RunJudge(command, again, "fuzz", out, err);
  Check(code == (damaged ? 2 : 0) && err.str().empty() != damaged, "a damaged trace, and only that, fails");
}

}  // namespace candor::fuzz
