// SPDX-License-Identifier: Apache-2.0
//
// What the judges of a node's servers have learned, kept while a server is gone and across restarts of
// candord. Tested in tests/pipeline/servers_test.cc.
#include <algorithm>
#include <utility>

#include "pipeline/server_name.h"
#include "pipeline/servers.h"

namespace candor {
namespace {

constexpr std::string_view kSocketsOfNode = "node";  // a reserved name, so no server's

}  // namespace

void Servers::Remember(std::string name, Remembered baseline) {
  if (options_.most_remembered == 0) return;
  if (remembered_.size() >= options_.most_remembered && !remembered_.contains(name)) {
    remembered_.erase(
        std::min_element(remembered_.begin(), remembered_.end(),
                         [](const auto& a, const auto& b) { return a.second.at < b.second.at; }));
  }
  remembered_[std::move(name)] = std::move(baseline);
}

std::vector<ServerBaseline> Servers::Save() const {
  std::vector<ServerBaseline> out;
  for (const auto& s : servers_) {
    if (s->shown || servers_.size() == 1) out.push_back({s->name, s->judge.SaveBaseline(), {}});
  }
  if (out.size() > 1) out.push_back({std::string(kSocketsOfNode), sockets_.SaveBaseline(), {}});
  for (const auto& [name, baseline] : remembered_) out.push_back({name, baseline.text, now_ - baseline.at});
  return out;
}

Result<void> Servers::RestoreOne(const ServerBaseline& b, Duration age, Time now) {
  if (b.age > Duration::zero()) {
    Remember(b.name, {b.text, now - age - b.age});
    return {};
  }
  if (b.name == kSocketsOfNode) return sockets_.RestoreBaseline(b.text, age, now);
  MediaServer* s = ByName(b.name);
  // The only one may be known by its name only later, or earlier.
  if (s == nullptr && servers_.size() == 1 && (b.name.empty() || servers_.front()->name.empty())) {
    s = servers_.front().get();
    if (s->name.empty()) s->name = b.name;
  }
  if (s == nullptr && b.name.empty()) return {};
  if (s == nullptr && servers_.size() >= options_.most) {
    Remember(b.name, {b.text, now - age});
    return {};
  }
  if (s == nullptr && b.name == kOtherServers) s = &Other();
  if (s == nullptr) s = &AddFound(b.name);
  s->shown = s->weighty = true;  // its share is not known yet
  return s->judge.RestoreBaseline(b.text, age, now);
}

Result<void> Servers::Restore(const std::vector<ServerBaseline>& saved, Duration age, Time now) {
  now_ = std::max(now_, now);
  Result<void> first;
  for (const ServerBaseline& b : saved) {
    const auto done = RestoreOne(b, age, now);
    if (!done && first) first = done;
  }
  if (Only() == nullptr) Combine();
  return first;
}

void Servers::ResetBaselines() {
  for (const auto& s : servers_) s->judge.ResetBaseline();
  sockets_.ResetBaseline();
  remembered_.clear();
}

}  // namespace candor
