// SPDX-License-Identifier: Apache-2.0
#include "status/history.h"

#include <algorithm>
#include <utility>

#include "status/server_view.h"

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

// The lists change with every packet, and are not compared.
Snapshot WithoutLists(const Snapshot& s) {
  Snapshot out = s;
  out.attempts.clear();
  out.flows.clear();
  return out;
}

bool SameNode(const Snapshot& a, const Snapshot& b) {
  return a.verdict.state == b.verdict.state && a.verdict.reason == b.verdict.reason &&
         a.source.blindness.code == b.source.blindness.code && a.self.answer == b.self.answer &&
         IsObserving(a.source) == IsObserving(b.source) && a.overrides == b.overrides &&
         a.serving == b.serving;
}

}  // namespace

History::History(size_t keep, Clock now) : keep_(std::max<size_t>(keep, 1)), now_(std::move(now)) {}

Transition History::Add(Transition t) {
  t.id = next_id_++;
  State& last = t.server.empty() ? last_ : last_of_server_[t.server];
  t.before = last;
  last = t.state;
  if (entries_.size() == keep_) entries_.pop_front();
  entries_.push_back(t);
  return t;
}

// Appearances and changes of single servers, where there are several; returns whether there was one. What
// changes for all of them, as a drain does, is a change of the node.
bool History::AddServers(const Snapshot& next) {
  if (next.servers.size() < 2 || !last_shown_) return false;
  bool changed = false;
  for (const ServerStatus& s : next.servers) {
    const ServerStatus* before = FindServer(*last_shown_, s.name);
    if (before != nullptr && before->verdict.state == s.verdict.state &&
        before->verdict.reason == s.verdict.reason)
      continue;
    Transition t = Of(OfServer(next, s, false));
    t.server = s.name;
    Add(std::move(t));
    changed = true;
  }
  return changed;
}

void History::OnChange(const Snapshot& next) {
  const std::lock_guard lock(mutex_);
  const bool of_server = AddServers(next);
  const bool of_node = !last_shown_ || !SameNode(*last_shown_, next);
  last_shown_ = std::make_shared<const Snapshot>(WithoutLists(next));
  reached_ = next.sequence;
  if (of_server && !of_node) return;
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

std::vector<Transition> History::Newest(size_t limit, uint64_t before, const std::string& server) const {
  const std::lock_guard lock(mutex_);
  std::vector<Transition> out;
  for (auto it = entries_.rbegin(); it != entries_.rend() && out.size() < limit; ++it) {
    if ((before == 0 || it->id < before) && (server.empty() || it->server == server)) out.push_back(*it);
  }
  return out;
}

MissedChanges History::Since(uint64_t sequence, const std::string& server) const {
  const std::lock_guard lock(mutex_);
  MissedChanges missed;
  missed.restarted = sequence > reached_;
  if (missed.restarted) return missed;
  for (const Transition& t : entries_) {
    if (t.kind == Transition::Kind::kChange && t.sequence > sequence) missed.changes.push_back(t);
  }
  const uint64_t first = missed.changes.empty() ? reached_ + 1 : missed.changes.front().sequence;
  missed.lost = first - sequence - 1;
  std::erase_if(missed.changes, [&](const Transition& t) { return t.server != server; });
  return missed;
}

void History::Restore(std::vector<Transition> earlier) {
  const std::lock_guard lock(mutex_);
  if (earlier.size() > keep_) earlier.erase(earlier.begin(), earlier.end() - static_cast<long>(keep_));
  entries_.assign(earlier.begin(), earlier.end());
  if (entries_.empty()) return;
  next_id_ = entries_.back().id + 1;
  for (const Transition& t : entries_) (t.server.empty() ? last_ : last_of_server_[t.server]) = t.state;
  reached_ = entries_.back().sequence;
}

std::vector<Transition> History::All() const {
  const std::lock_guard lock(mutex_);
  return {entries_.begin(), entries_.end()};
}

}  // namespace candor
