// SPDX-License-Identifier: Apache-2.0
#include "status/history.h"

#include <algorithm>
#include <utility>

namespace candor {
namespace {

Transition Of(const Snapshot& s) {
  const Verdict shown = s.shown();
  Transition t;
  t.at = s.judged_at();
  t.sequence = s.sequence;
  t.state = shown.state;
  t.reason = shown.reason;
  t.detail = shown.detail;
  t.remediation = shown.remediation;
  t.cause = shown.cause;
  t.serving = s.serving;
  t.self = s.self.answer;
  t.blindness_code = s.source.blindness.code;
  return t;
}

}  // namespace

History::History(size_t keep, Clock now) : keep_(std::max<size_t>(keep, 1)), now_(std::move(now)) {}

Transition History::Add(Transition t) {
  t.id = next_id_++;
  t.before = last_;
  last_ = t.state;
  if (entries_.size() == keep_) entries_.pop_front();
  entries_.push_back(t);
  return t;
}

void History::OnChange(const Snapshot& next) {
  const std::lock_guard lock(mutex_);
  Transition change = Of(next);
  // judged_at() is the time of the last judgement; an override may come later.
  if (next.overrides != overrides_) change.at = std::max(change.at, now_());
  if (next.verdict.at == Time{}) change.at = now_();  // no judgement yet
  if (overrides_.state_override && !next.overrides.state_override &&
      overrides_.state_override->until <= next.judged_boot()) {
    Transition over = change;
    over.kind = Transition::Kind::kOperator;
    over.action = "override_ended";
    over.by = "its time limit";
    over.detail = "set by " + overrides_.state_override->by + ": " + overrides_.state_override->reason;
    over.state = last_;  // the change itself follows
    Add(std::move(over));
  }
  overrides_ = next.overrides;
  reached_ = next.sequence;
  Add(std::move(change));
}

Transition History::RecordAction(std::string action, std::string by, std::string detail,
                                 const Snapshot& now_shown) {
  Transition t = Of(now_shown);
  t.kind = Transition::Kind::kOperator;
  t.at = now_();
  t.action = std::move(action);
  t.by = std::move(by);
  t.detail = std::move(detail);
  t.remediation.clear();
  t.cause = {};
  const std::lock_guard lock(mutex_);
  return Add(std::move(t));
}

std::vector<Transition> History::Newest(size_t limit, uint64_t before) const {
  const std::lock_guard lock(mutex_);
  std::vector<Transition> out;
  for (auto it = entries_.rbegin(); it != entries_.rend() && out.size() < limit; ++it) {
    if (before == 0 || it->id < before) out.push_back(*it);
  }
  return out;
}

MissedChanges History::Since(uint64_t sequence) const {
  const std::lock_guard lock(mutex_);
  MissedChanges missed;
  missed.restarted = sequence > reached_;
  if (missed.restarted) return missed;
  for (const Transition& t : entries_) {
    if (t.kind == Transition::Kind::kChange && t.sequence > sequence) missed.changes.push_back(t);
  }
  const uint64_t first = missed.changes.empty() ? reached_ + 1 : missed.changes.front().sequence;
  missed.lost = first - sequence - 1;
  return missed;
}

void History::Restore(std::vector<Transition> earlier) {
  const std::lock_guard lock(mutex_);
  if (earlier.size() > keep_) earlier.erase(earlier.begin(), earlier.end() - static_cast<long>(keep_));
  entries_.assign(earlier.begin(), earlier.end());
  if (entries_.empty()) return;
  next_id_ = entries_.back().id + 1;
  last_ = entries_.back().state;
  reached_ = entries_.back().sequence;
}

std::vector<Transition> History::All() const {
  const std::lock_guard lock(mutex_);
  return {entries_.begin(), entries_.end()};
}

}  // namespace candor
