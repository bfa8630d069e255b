// SPDX-License-Identifier: Apache-2.0
#include "pipeline/servers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "pipeline/server_name.h"

namespace candor {
namespace {

constexpr Duration kShareMemory = std::chrono::hours(1);  // acknowledged attempts decay over this
// A server that drives the node stops doing so below this part of the share that made it drive.
constexpr double kShareHysteresis = 0.5;

// A `role` of kLearned is that of all servers.
JudgeOptions WithAllowance(JudgeOptions o, size_t divided_by, Role role) {
  o.false_alarms_per_month /= static_cast<double>(divided_by);
  if (role != Role::kLearned) o.role = role;
  return o;
}

bool IsKeptAway(const MediaServer& s) {
  const State state = s.judge.verdict().state;
  return state == State::kFailing || state == State::kProbation;
}

}  // namespace

Servers::Servers(ServersOptions options, JudgeOptions judge, CgroupReader reader)
    : options_(std::move(options)),
      judge_options_(std::move(judge)),
      finder_(options_.known, std::move(reader)),
      sockets_(judge_options_) {
  for (const ServerSetting& setting : options_.known) {
    MediaServer& s = Add(setting.name, WithAllowance(judge_options_, options_.known.size(), setting.role));
    s.configured = s.shown = true;
    s.drives_node = setting.drives_node;
  }
  if (servers_.empty()) Add({}, judge_options_);
  if (Only() == nullptr) Combine();
}

MediaServer* Servers::ById(uint32_t id) const {
  for (const auto& s : servers_) {
    if (s->id == id) return s.get();
  }
  return nullptr;
}

MediaServer* Servers::ByName(std::string_view name) const {
  for (const auto& s : servers_) {
    if (s->name == name) return s.get();
  }
  return nullptr;
}

MediaServer& Servers::Add(std::string name, const JudgeOptions& options) {
  servers_.push_back(std::make_unique<MediaServer>(next_id_++, std::move(name), options));
  MediaServer& s = *servers_.back();
  s.last_attempt = now_;
  if (const auto it = remembered_.find(s.name); it != remembered_.end()) {
    // A baseline that cannot be read is learned again.
    static_cast<void>(s.judge.RestoreBaseline(it->second.text, now_ - it->second.at, now_));
    remembered_.erase(it);
    s.shown = true;
  }
  return s;
}

MediaServer& Servers::AddFound(std::string name) {
  return Add(std::move(name), WithAllowance(judge_options_, servers_.size() + 1, {}));
}

MediaServer& Servers::Other() {
  if (other_ == nullptr) other_ = &AddFound(std::string(kOtherServers));
  return *other_;
}

// The one that the new container `name`, with a socket at this port, takes the place of: of the same kind,
// its own cgroup removed, and among its ports. Null: there is none, or several.
MediaServer* Servers::ReplacedBy(const std::string& name, uint16_t port) {
  const std::string kind = ContainerKindOf(name);
  if (kind.empty()) return nullptr;
  MediaServer* replaced = nullptr;
  for (const auto& s : servers_) {
    if (s->configured || ContainerKindOf(s->name) != kind || !finder_.IsRemoved(s->cgroup_id)) continue;
    const auto span = spans_.find(s->id);
    if (span != spans_.end() && (port < span->second.min || port > span->second.max)) continue;
    if (replaced != nullptr) return nullptr;
    replaced = s.get();
  }
  return replaced;
}

// Where a cgroup's name is known, or it is configured. `tracker` null: none is added.
MediaServer* Servers::Named(const FoundServer& found, uint16_t port, AttemptTracker* tracker) {
  if (found.setting) return servers_.at(*found.setting).get();  // these are first, and never dropped
  if (found.name.empty()) return nullptr;
  if (MediaServer* s = ByName(found.name)) return s;
  if (tracker == nullptr) return nullptr;
  if (servers_.size() == 1 && servers_.front()->name.empty()) {
    servers_.front()->name = found.name;
    return servers_.front().get();
  }
  if (MediaServer* s = ReplacedBy(found.name, port)) {
    s->name = found.name;
    return s;
  }
  const size_t held = servers_.size() - (other_ != nullptr ? 1 : 0);
  if (held >= options_.most && !EvictHidden(*tracker)) {
    ++beyond_;
    return &Other();
  }
  return &AddFound(found.name);
}

// The hidden one that was last heard of first.
bool Servers::EvictHidden(AttemptTracker& tracker) {
  auto victim = servers_.end();
  for (auto it = servers_.begin(); it != servers_.end(); ++it) {
    const bool candidate = !(*it)->shown && it->get() != other_;
    if (candidate && (victim == servers_.end() || (*it)->last_attempt < (*victim)->last_attempt)) victim = it;
  }
  if (victim == servers_.end() || !tracker.ForgetServer((*victim)->id)) return false;
  spans_.erase((*victim)->id);
  servers_.erase(victim);
  return true;
}

void Servers::RememberPort(uint16_t port, const MediaServer& s) {
  port_owners_[port] = s.id;
  PortSpan& span = spans_[s.id];
  span.min = std::min(span.min, port);
  span.max = std::max(span.max, port);
}

// The last owner of the port; else the one server among whose ports it lies.
MediaServer* Servers::ByPort(uint16_t port) const {
  if (const auto it = port_owners_.find(port); it != port_owners_.end()) {
    if (MediaServer* s = ById(it->second)) return s;
  }
  MediaServer* only = nullptr;
  for (const auto& [id, span] : spans_) {
    if (port < span.min || port > span.max) continue;
    MediaServer* s = ById(id);
    if (s == nullptr) continue;
    if (only != nullptr) return nullptr;
    only = s;
  }
  return only;
}

AttemptServer Servers::ServerOf(const FlowEvent& e, AttemptTracker& tracker) {
  now_ = std::max(now_, e.at);
  const FoundServer found = finder_.Find(e);
  MediaServer* s = Named(found, e.key.local_port, &tracker);
  const bool known = s != nullptr;
  if (!known) s = servers_.size() == 1 ? servers_.front().get() : ByPort(e.key.local_port);
  if (s == nullptr) s = &Other();
  if (known && !found.cgroup.empty()) {
    s->cgroup = found.cgroup;
    s->cgroup_id = e.flow.cgroup_id;
    RememberPort(e.key.local_port, *s);
  }
  s->last_attempt = now_;
  s->sockets.Observe(e);
  return {s->id, s->role};
}

MediaServer* Servers::Find(uint64_t cgroup_id, uint16_t port, Time now) {
  FlowEvent e;
  e.at = now;
  e.key.local_port = port;
  e.flow.cgroup_id = cgroup_id;
  return Named(finder_.Find(e), port, nullptr);
}

bool Servers::Observe(const AttemptEvent& e) {
  MediaServer* s = ById(e.server);
  if (s == nullptr) return false;
  now_ = std::max(now_, e.at);
  if (e.kind == AttemptEvent::Kind::kAcknowledged || e.kind == AttemptEvent::Kind::kActive) s->shown = true;
  if (e.kind == AttemptEvent::Kind::kAcknowledged) s->acknowledged += 1;
  const bool changed = s->judge.Observe(e);
  if (Only() != nullptr) return Changed();
  if (!changed) return false;
  Combine();
  return Changed();
}

bool Servers::Tick(Time now, FlowSource& source, AttemptTracker& tracker) {
  now_ = std::max(now_, now);
  const NodeActivity of_node = source.Activity();
  const SocketCounts sockets = source.Sockets();
  const SessionCounts sessions = source.Sessions();
  sockets_.ObserveSockets(sockets);
  sockets_.Tick(now);
  const MediaServer* only = Only();
  ObserveShapes(now, tracker);
  for (const auto& s : servers_) {
    // What the whole node sends, and what its sockets lose, belongs to the only server.
    s->judge.ObserveNode(s.get() == only ? of_node : tracker.ActivityOf(s->id));
    if (s.get() == only) s->judge.ObserveSockets(sockets);
    if (only == nullptr) s->judge.ForgetSockets();
    if (sessions.at != sessions_at_)
      s->judge.ObserveSessions(s.get() == only ? sessions : SessionsOf(*s, sessions, now));
    s->judge.Tick(now);
  }
  sessions_at_ = sessions.at;
  Weigh(now);
  DropGone(now, tracker);
  if (Only() == nullptr) Combine();
  return Changed();
}

void Servers::Weigh(Time now) {
  const double keep = weighed_ == Time{} ? 1 : std::exp(-Seconds(now - weighed_) / Seconds(kShareMemory));
  weighed_ = now;
  for (const auto& s : servers_) s->acknowledged *= keep;
  for (const auto& s : servers_) {
    const double share = ShareOf(*s);
    // While it is kept away its share falls, and means nothing.
    const bool falls = share < options_.share * kShareHysteresis && !IsKeptAway(*s);
    s->weighty = s->weighty ? !falls : share >= options_.share;
  }
}

// Before the first acknowledged attempt all have the same.
double Servers::ShareOf(const MediaServer& s) const {
  double all = 0;
  for (const auto& each : servers_) all += each->shown ? each->acknowledged : 0;
  return all > 0 ? s.acknowledged / all : 1 / static_cast<double>(std::max<size_t>(Shown(), 1));
}

bool Servers::Drives(const MediaServer& s) const {
  switch (options_.rule) {
    case NodeVerdictRule::kWorst:
      return true;
    case NodeVerdictRule::kNamed:
      return s.configured && s.drives_node;
    case NodeVerdictRule::kWorstByShare:
      break;
  }
  return s.weighty;
}

// The last one that is shown stays, so that the node's verdict goes on as it would with one server.
void Servers::DropGone(Time now, AttemptTracker& tracker) {
  for (size_t i = 0; i < servers_.size();) {
    const MediaServer& s = *servers_[i];
    const bool old = !s.configured && now - s.last_attempt >= options_.gone_after;
    const bool last = servers_.size() == 1 || (s.shown && Shown() == 1);
    if (!old || last || !tracker.ForgetServer(s.id)) {
      ++i;
      continue;
    }
    if (s.shown) Remember(s.name, {s.judge.SaveBaseline(), now});
    spans_.erase(s.id);
    if (other_ == &s) other_ = nullptr;
    servers_.erase(servers_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

size_t Servers::Shown() const {
  return static_cast<size_t>(
      std::count_if(servers_.begin(), servers_.end(), [](const auto& s) { return s->shown; }));
}

MediaServer* Servers::Only() const {
  if (servers_.size() == 1) return servers_.front().get();
  MediaServer* only = nullptr;
  for (const auto& s : servers_) {
    if (!s->shown) continue;
    if (only != nullptr) return nullptr;
    only = s.get();
  }
  return only;
}

const Verdict& Servers::verdict() const {
  const MediaServer* only = Only();
  return only != nullptr ? only->judge.verdict() : combined_;
}

void Servers::Combine() {
  std::vector<ServerOpinion> opinions;
  const bool any = Shown() > 0;
  for (const auto& s : servers_) {
    if (any && !s->shown) continue;
    opinions.push_back({s->name, &s->judge.verdict(), ShareOf(*s), Drives(*s)});
  }
  combined_ = CombineVerdicts(opinions, &sockets_.verdict(), combined_);
}

bool Servers::Changed() {
  const Verdict& v = verdict();
  if (v.state == reported_state_ && v.reason == reported_reason_) return false;
  reported_state_ = v.state;
  reported_reason_ = v.reason;
  return true;
}

std::vector<ServerStatus> Servers::Statuses(const AttemptTracker& tracker) const {
  std::vector<ServerStatus> out;
  for (const auto& s : servers_) {
    if (!s->shown || s->name.empty()) continue;
    ServerStatus status;
    status.id = s->id;
    status.name = s->name;
    status.cgroup = s->cgroup;
    status.role = s->role;
    status.verdict = s->judge.verdict();
    status.counts = tracker.CountsOf(s->id);
    status.share = ShareOf(*s);
    status.drives = Shown() == 1 || Drives(*s);
    out.push_back(std::move(status));
  }
  for (const auto& [name, baseline] : remembered_) {
    ServerStatus status;
    status.name = name;
    status.gone = true;
    status.drives = false;
    status.verdict.reason = "server_gone";
    status.verdict.detail = "it had no attempt for a long time; what was learned of it is kept";
    status.verdict.since = baseline.at;
    status.verdict.at = now_;
    out.push_back(std::move(status));
  }
  return out;
}

std::vector<std::string> Servers::Notes() const {
  std::vector<std::string> notes = finder_.Notes();
  if (beyond_ > 0) {
    notes.push_back(fmt::format("{} attempts of servers beyond the first {} are judged together as \"{}\"",
                                beyond_, options_.most, kOtherServers));
  }
  return notes;
}

}  // namespace candor
