// SPDX-License-Identifier: Apache-2.0
//
// Every total failure is detected: no limit, clamp or bucket stands below the threshold that it meets, from
// 0.1 to 100 attempts a second, after short and long histories, for all settings of an operator and all kinds
// of clients.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <ostream>

#include "verdict/judge.h"
#include "verdict/threshold.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

// kUnanswered: new clients get no answer while old sessions go on. kUnattributed: answered, and the source
// does not report the waiting side.
enum class Failure {
  kFrozen,
  kUnanswered,
  kNeverActive,
  kWaitingOnPeer,
  kUnattributed,
  kWaitingOnNode,
  kDropped,
  kRefused
};
enum class Clients { kManyNetworks, kThreeNetworks, kOneAddress, kTrusted };

struct Scenario {
  Failure failure;
  Clients clients;
  double rate;     // attempts a second
  int history;     // attempts before the failure
  double allowed;  // false alarms in 30 days
  double smallest;
  int failing = 100;  // of 100 attempts
};

std::ostream& operator<<(std::ostream& out, const Scenario& s) {
  return out << "failure " << static_cast<int>(s.failure) << ", clients " << static_cast<int>(s.clients)
             << ", " << s.rate << "/s after " << s.history << ", allowed " << s.allowed << ", smallest "
             << s.smallest;
}

Time At(double t) { return Time(FromSeconds(t)); }

class Stage {
 public:
  explicit Stage(const Scenario& s) : scenario_(s), judge_(Options(s)) {}

  // Seconds from the onset until the verdict is DEGRADED or FAILING; `most` if it is neither by then.
  double Delay(double most) {
    Play(scenario_.history, false);
    const double onset = now_;
    while (now_ - onset < most) {
      Play(1, true);
      if (seen_ > 0) return seen_ - onset;
    }
    return most;
  }

 private:
  static JudgeOptions Options(const Scenario& s) {
    JudgeOptions o;
    o.false_alarms_per_month = s.allowed;
    o.smallest_share = s.smallest;
    if (s.clients == Clients::kTrusted) o.trusted_sources = *ParsePrefixList("203.0.113.0/24");
    return o;
  }

  IpAddress Peer() const {
    const auto n = static_cast<uint32_t>(id_);
    switch (scenario_.clients) {
      case Clients::kManyNetworks:
        return IpAddress::V4((20 + n % 150) << 24 | (n * 7 % 250) << 16 | (n & 0xffff));
      case Clients::kThreeNetworks:
        return IpAddress::V4((80 + n % 3) << 24 | (n & 0xffff));
      case Clients::kOneAddress:
        return IpAddress::V4(0x50000001);
      case Clients::kTrusted:
        break;
    }
    return IpAddress::V4(0xcb007100u + n % 2);
  }

  void Later(Kind kind, double t, WaitingOn waiting_on = WaitingOn::kNone,
             Outcome outcome = Outcome::kPending) {
    AttemptEvent e;
    e.kind = kind;
    e.at = At(t);
    e.id = id_;
    e.peer = Peer();
    e.waiting_on = waiting_on;
    e.outcome = outcome;
    e.phase = kind == Kind::kOffered ? Phase::kOffered : Phase::kNominated;
    if (scenario_.failure != Failure::kUnattributed) e.peer_alive = true;
    due_.emplace(t, e);
  }

  void Attempt(double t, bool failing) {
    ++id_;
    Later(Kind::kOffered, t);
    if (!failing || scenario_.failure == Failure::kDropped) {
      Later(Kind::kAcknowledged, t + 0.05);
      Later(Kind::kActive, t + 0.2);
      if (failing) Later(Kind::kDead, t + 3, WaitingOn::kNode);
      return;
    }
    switch (scenario_.failure) {
      case Failure::kFrozen:
      case Failure::kUnanswered:
        Later(Kind::kWaitingOn, t + 1, WaitingOn::kNode);
        return Later(Kind::kClosed, t + 10, WaitingOn::kNode, Outcome::kUnanswered);
      case Failure::kRefused:
        return Later(Kind::kClosed, t + 10, WaitingOn::kNone, Outcome::kRefused);
      case Failure::kUnattributed:
        return Later(Kind::kAcknowledged, t + 0.05);
      case Failure::kWaitingOnNode:
        return Stuck(t, WaitingOn::kNode);
      case Failure::kWaitingOnPeer:
        return Stuck(t, WaitingOn::kPeer);
      default:
        return Stuck(t, WaitingOn::kPath);
    }
  }
  void Stuck(double t, WaitingOn waiting_on) {
    Later(Kind::kAcknowledged, t + 0.05);
    Later(Kind::kWaitingOn, t + 1, waiting_on);
    Later(Kind::kClosed, t + 10, waiting_on, Outcome::kStalled);
  }

  // `n` attempts, evenly spaced.
  void Play(int n, bool failing) {
    for (int i = 0; i < n && seen_ == 0; ++i) {
      // Spread evenly: 37 is prime to 100.
      Attempt(now_, failing && static_cast<int>(id_ * 37 % 100) < scenario_.failing);
      const double end = now_ + 1 / scenario_.rate;
      for (; ticked_ + 0.25 <= end && seen_ == 0; ticked_ += 0.25) Tick(ticked_ + 0.25, failing);
      now_ = end;
    }
  }
  void Tick(double t, bool failing) {
    while (!due_.empty() && due_.begin()->first <= t) {
      judge_.Observe(due_.begin()->second);
      due_.erase(due_.begin());
    }
    if (!failing || scenario_.failure != Failure::kFrozen) sent_ = t;
    judge_.ObserveNode({At(t), At(sent_)});
    judge_.Tick(At(t));
    const Verdict& v = judge_.verdict();
    EXPECT_EQ(FiredBesideHealthy(v), nullptr) << scenario_ << ": " << v.detail;
    const bool failed = v.state == State::kDegraded || v.state == State::kFailing;
    EXPECT_FALSE(failed && !failing) << scenario_ << ": " << v.detail;
    if (failed && failing) seen_ = t;
  }

  Scenario scenario_;
  Judge judge_;
  std::multimap<double, AttemptEvent> due_;
  uint64_t id_ = 0;
  double now_ = 1, ticked_ = 1, sent_ = 1, seen_ = 0;
};

// Attempts of five minutes, and enough of them for a baseline; no more than the lag of what is
// learned.
int LongHistory(double rate) { return std::clamp(static_cast<int>(300 * rate), 600, 4000); }

// What the theory needs, twice: the highest threshold of any detector, of which each attempt brings the
// least that a failure can weigh where 15 % usually fail; then the deadline, after which every attempt
// counts, and as long a doubt.
double Bound(const Scenario& s) {
  constexpr double kLeastAllowance = 0.08, kLeastWeight = 1.8, kDeadline = 10;
  const double h = ProvenThreshold(s.rate, s.allowed * kLeastAllowance) + std::log(4.0);
  return 2 * h / kLeastWeight / s.rate + 2 * kDeadline + 2;
}

// Nothing is known of the others while a part of the clients gets no answer: that part must bring it all.
TEST(PartlyUnanswered, LeavesHealthyInBoundedTime) {
  for (const int failing : {25, 50, 80}) {
    for (const double rate : {0.1, 1.0, 10.0, 100.0}) {
      for (const int history : {30, LongHistory(rate)}) {
        for (const double smallest : {0.05, 0.25}) {  // smaller shares than that are not promised
          const Scenario s{Failure::kUnanswered, Clients::kManyNetworks, rate, history, 1, smallest, failing};
          const double share = failing / 100.0, usual = 0.05;
          const double information =
              share * std::log(share / usual) + (1 - share) * std::log((1 - share) / (1 - usual));
          const double h = Threshold(rate, 0.1) + std::log(4.0);
          const double bound = 2 * h / information / rate + 12;
          EXPECT_LT(Stage(s).Delay(bound), bound) << s << ", failing " << failing;
        }
      }
    }
  }
}

class TotalFailure : public testing::TestWithParam<Failure> {};

TEST_P(TotalFailure, LeavesHealthyInBoundedTime) {
  struct Options {
    double allowed, smallest;
  };
  for (const Clients clients :
       {Clients::kManyNetworks, Clients::kThreeNetworks, Clients::kOneAddress, Clients::kTrusted}) {
    for (const double rate : {0.1, 1.0, 10.0, 100.0}) {
      for (const int history : {30, LongHistory(rate)}) {
        for (const Options k : {Options{1, 0.1}, {0.1, 0.05}, {0.1, 0.5}, {10, 0.05}, {10, 0.5}}) {
          const Scenario s{GetParam(), clients, rate, history, k.allowed, k.smallest};
          const double bound = Bound(s);
          EXPECT_LT(Stage(s).Delay(bound), bound) << s;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(OfEveryKind, TotalFailure,
                         testing::Values(Failure::kFrozen, Failure::kUnanswered, Failure::kNeverActive,
                                         Failure::kWaitingOnPeer, Failure::kUnattributed,
                                         Failure::kWaitingOnNode, Failure::kDropped, Failure::kRefused));

}  // namespace
}  // namespace candor
