// SPDX-License-Identifier: Apache-2.0
#include "verdict/joins_detector.h"

#include <algorithm>
#include <cmath>

#include "verdict/threshold.h"

namespace candor {
namespace {

constexpr double kFall = 0.1;
constexpr double kLeastSessions = 0.5;  // of the usual rate
// More sessions than that, times the usual, are no evidence, but for what a second usually brings and three.
constexpr double kMostUsual = 1.5, kMostBurst = 3;
// Sessions of another port that explain attempts which are missing: a participant's two connections may share
// one, and their number is a chance one.
constexpr double kOtherShare = 0.25, kOtherStandardErrors = 3;
constexpr double kFewBlocks = 12;                       // of SessionRatio
constexpr Duration kWatched = std::chrono::minutes(2);  // likewise
constexpr double kBeyond = 2;                           // of the sum's maximum: recovery is quick
constexpr Duration kStale = std::chrono::minutes(1), kFaultFresh = std::chrono::seconds(30);
// What lasts so long is what is usual now: another server, other clients.
constexpr Duration kChanged = std::chrono::hours(1);

}  // namespace

void JoinsDetector::Observe(const SessionCounts& counts) {
  unavailable_ = counts.unavailable;
  if (!unavailable_.empty()) reading_since_ = Time{};
  if (!unavailable_.empty() || counts.at <= read_) return;
  if (reading_since_ == Time{}) reading_since_ = counts.at;
  const double seconds = read_ == Time{} ? 0 : Seconds(counts.at - read_);
  read_ = counts.at;
  for (const PortSessions& s : counts.ports) {
    Port* p = Find(s);
    const bool added = p == nullptr;
    if (added) p = Add(s, counts);
    if (p == nullptr) continue;
    p->seen = read_;
    // Fewer than before: the source has begun anew.
    const uint64_t accepted = s.accepted >= p->total ? s.accepted - p->total : 0;
    p->total = s.accepted;
    if (seconds > 0 && !added) Take(p, accepted, seconds);
  }
  begun_ = offered_;
  NoteBefore();
}

void JoinsDetector::NoteBefore() {
  if (std::any_of(ports_.begin(), ports_.end(), [](const Port& p) { return p.sum > 0; })) return;
  for (Port& p : ports_) p.before = p.total, p.before_at = read_;
}

JoinsDetector::Port* JoinsDetector::Find(const PortSessions& s) {
  const auto found = std::find_if(ports_.begin(), ports_.end(), [&](const Port& p) {
    return p.cgroup_id == s.cgroup_id && p.port == s.port;
  });
  return found == ports_.end() ? nullptr : &*found;
}

// A port of the same number whose cgroup has gone is the same server, restarted. nullptr: too many are used.
JoinsDetector::Port* JoinsDetector::Add(const PortSessions& s, const SessionCounts& counts) {
  const auto gone = [&](const Port& p) {
    return std::none_of(counts.ports.begin(), counts.ports.end(), [&](const PortSessions& other) {
      return other.cgroup_id == p.cgroup_id && other.port == p.port;
    });
  };
  Port* place = nullptr;
  for (Port& p : ports_) {
    if (p.port == s.port && gone(p)) place = &p;
  }
  if (place == nullptr && ports_.size() < kMostPorts) {
    place = &ports_.emplace_back();
  } else if (place == nullptr) {
    for (Port& p : ports_) {
      if (gone(p) && (place == nullptr || p.seen < place->seen)) place = &p;
    }
    if (place == nullptr) return nullptr;
    *place = Port();
  }
  place->cgroup_id = s.cgroup_id, place->port = s.port, place->total = s.accepted;
  place->before = place->total, place->before_at = place->added = read_;
  const auto saved =
      std::find_if(restored_.begin(), restored_.end(), [&](const Saved& r) { return r.port == s.port; });
  if (saved != restored_.end()) {
    place->ratio.Restore(saved->sums);
    restored_.erase(saved);
  }
  return place;
}

std::vector<JoinsDetector::Saved> JoinsDetector::Save() const {
  std::vector<Saved> out = restored_;
  for (const bool known : {true, false}) {
    for (const Port& p : ports_) {
      const SessionRatio::Sums sums = p.ratio.Save();
      const bool twice =
          std::any_of(out.begin(), out.end(), [&](const Saved& s) { return s.port == p.port; });
      if (p.ratio.known() == known && !twice && sums.Sensible()) out.push_back({p.port, sums});
    }
  }
  if (out.size() > kMostPorts) out.resize(kMostPorts);
  return out;
}

void JoinsDetector::Restore(const std::vector<Saved>& saved, Duration age) {
  restored_.clear();
  if (age > kSavedFresh) return;
  for (const Saved& s : saved) {
    const auto read =
        std::find_if(ports_.begin(), ports_.end(), [&](const Port& p) { return p.port == s.port; });
    if (read != ports_.end() && !read->ratio.known()) {
      read->ratio.Restore(s.sums);
    } else if (read == ports_.end() && restored_.size() < kMostPorts && s.sums.Sensible()) {
      restored_.push_back(s);
    }
  }
}

void JoinsDetector::Take(Port* p, uint64_t accepted, double seconds) {
  const uint64_t begun = offered_ - begun_;
  p->ratio.Accepted(accepted);
  p->ratio.Began(begun);
  if (accepted > 0) p->last = read_;
  if (!p->ratio.known()) return Clear(p);
  const double usual = p->ratio.AttemptsPerSecond();
  p->credit = std::min(p->credit + kMostUsual * usual * seconds,
                       std::max(1.0, kMostUsual * seconds) * usual + kMostBurst);
  const double expected = std::min(p->ratio.Expected(static_cast<double>(accepted), seconds), p->credit);
  p->credit -= std::max(0.0, expected);
  const double ratio = (1 - kFall) * expected + std::log(kFall) * static_cast<double>(begun);
  p->sum = std::min(Threshold(*p) + kBeyond, p->sum + ratio / p->ratio.Dispersion());
  if (p->sum <= 0) return Clear(p);
  if (p->since == Time{}) p->since = read_;
  p->accepted += accepted;
  p->begun += begun;
  p->expected += expected;
}

void JoinsDetector::Clear(Port* p) {
  p->sum = p->expected = 0;
  p->accepted = p->begun = 0;
  p->since = Time{};
}

double JoinsDetector::Threshold(const Port& p) const {
  return ProvenThreshold(std::max(1e-3, p.ratio.SessionsPerSecond()), allowance_);
}

bool JoinsDetector::AsUsual(const Port& p, Time now) const {
  const double window = std::max(1.0, Seconds(now - p.since));
  return static_cast<double>(p.accepted) >= kLeastSessions * p.ratio.SessionsPerSecond() * window;
}

bool JoinsDetector::Fires(const Port& p, double share) const {
  return p.sum >= share * Threshold(p) && p.sum > 0 && AsUsual(p, read_);
}

void JoinsDetector::Advance(Time now, bool kept_away) {
  bool suspected = false, fires = false, holds = false;
  for (Port& p : ports_) {
    if (kept_away || now - p.last > kStale) Clear(&p);
    suspected = suspected || p.sum >= Threshold(p) / 4;
    fires = fires || Fires(p, 1);
    holds = holds || Fires(p, 0.5);
  }
  if (!suspected) suspected_since_ = now;
  if (now - suspected_since_ > kChanged) changed_until_ = now + kChanged;
  const bool changed = now < changed_until_;
  for (Port& p : ports_) {
    if (changed) Clear(&p);
    p.ratio.Advance(now, !kept_away && (!suspected || changed));
  }
  fired_.Update(fires && !changed, !holds || changed);
}

const LocalFault* JoinsDetector::Localised(Time now) const {
  const bool counts = !fault_.code.empty() && now - fault_.at <= kFaultFresh;
  return counts ? &fault_ : nullptr;
}

const JoinsDetector::Port* JoinsDetector::Highest() const {
  const Port* highest = nullptr;
  for (const Port& p : ports_) {
    if (p.ratio.known() && (highest == nullptr || p.sum > highest->sum)) highest = &p;
  }
  return highest;
}

// How many it usually accepts: learned, or none, where it was not there for as long. (That its sessions bring
// attempts is not known of a port for ICE over TCP, and is not asked.)
bool JoinsDetector::KnowsSessions(const Port& p) const {
  return p.ratio.Save().n >= kFewBlocks || p.added - reading_since_ >= kWatched;
}

void JoinsDetector::FindOther(const Port& p, JoinEvidence* e) const {
  const double missing = p.expected - static_cast<double>(p.begun);
  double most = 0;
  for (const Port& other : ports_) {
    if (other.port == p.port || other.total < other.before || !KnowsSessions(other)) continue;
    const auto accepted = static_cast<double>(other.total - other.before);
    const double usual = other.ratio.SessionsPerSecond() * Seconds(read_ - other.before_at);
    const double more = accepted - usual - kOtherStandardErrors * std::sqrt(usual);
    if (more <= most || more < std::max(kMostBurst, kOtherShare * missing)) continue;
    most = more;
    e->other_port = other.port, e->other_accepted = other.total - other.before, e->other_usual = usual;
  }
}

JoinEvidence JoinsDetector::Evidence(Time now) const {
  JoinEvidence e;
  e.unknown = unavailable_;
  const Port* p = Highest();
  if (e.unknown.empty() && p == nullptr) {
    e.unknown = "no listening port's sessions are known to bring attempts: too few yet, or one serves many";
  }
  if (p == nullptr) return e;
  e.port = p->port;
  e.per_attempt = p->ratio.PerAttempt();
  e.accepted = p->accepted;
  e.begun = p->begun;
  e.expected = p->expected;
  e.window = p->since == Time{} ? Duration(0) : now - p->since;
  e.score = p->sum;
  e.threshold = Threshold(*p);
  if (p->sum > 0) FindOther(*p, &e);
  return e;
}

}  // namespace candor
