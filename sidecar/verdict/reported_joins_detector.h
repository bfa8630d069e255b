// SPDX-License-Identifier: Apache-2.0
//
// joins_without_media by the media server's own counters: joins begin as usual, and the share of them whose
// media comes up, as the server itself counts it, falls to a tenth of what is usual on this node. Two Poisson
// CUSUMs over joins that have waited for kPatience: of media that came up (the server's word), and of
// attempts that began at the sockets (Candor's). The first alone fires. Where the second agrees, and both
// began within kRecent of the last join that came up, nothing but this node's reach explains it: confirmed().
//
// Who joins has shown a token, so strangers cannot raise it. A client that joins again and again in vain can
// add joins but take no successes away: joins beyond 1.5 times the usual rate are no evidence, and nothing
// fires while more than a fifth of the usual successes come. Where fewer joins than half of the usual begin
// the callers have gone: what is left may be a monitor without media. What lasts an hour becomes the
// baseline. Learned of concluded joins, after a lag, and not while suspected (evidence/lagged_blocks.h).
// Pure; one thread. Tested in tests/verdict/reported_joins_detector_test.cc.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "evidence/lagged_blocks.h"
#include "flow/reported_joins.h"
#include "verdict/hysteresis.h"

namespace candor {

struct ReportedJoinEvidence {
  std::string unknown;        // why the detector is off; empty: it is on
  ReportedJoins counters;     // as last read; `unavailable` may be set
  double usual_share = 0;     // of joins whose media comes up, 0..1; 0: not known
  double usual_attempts = 0;  // at the sockets, for one join; 0: not known
  // Since the score last left zero: joins, those that came up, attempts at the sockets.
  uint64_t begun = 0, up = 0, attempts = 0;
  double expected = 0;  // of `begun`, that usually come up
  Duration window{};
  double score = 0, threshold = 0;  // of the server's word
  double socket_score = 0;          // of the sockets; the same threshold
  bool fired = false;
};

// What waits for its match. Matches take the newest first: those that are never matched grow old here, and
// the others do not wait for them. Bounded by the number of readings within kPatience.
class Unmatched {
 public:
  void Add(Time at, double n);
  void Match(double n);
  // What has waited since `until` or longer.
  double Expire(Time until);
  void Clear() { waiting_.clear(); }
  double total() const;

 private:
  struct Entry {
    Time at{};
    double n = 0;
  };
  std::deque<Entry> waiting_;  // oldest first
};

class ReportedJoinsDetector {
 public:
  // `allowance`: false alarms per 30 days, > 0.
  explicit ReportedJoinsDetector(double allowance) : allowance_(allowance) {}

  // An attempt began at the sockets.
  void Offered() { ++offered_; }
  // The same reading again changes nothing.
  void Observe(const ReportedJoins& read);
  // `kept_away`: balancers keep clients away; nothing is learned.
  void Advance(Time now, bool kept_away);

  bool fired() const { return static_cast<bool>(fired_); }
  // The sockets say the same, and it began while joins came up.
  bool confirmed() const { return fired() && confirmed_; }
  // Joins go on and none comes up: for an alarm in force.
  bool stands(Time now) const { return in_vain_ >= kFew && now - expired_ <= kFresh; }
  ReportedJoinEvidence Evidence(Time now) const;

  // A client of a far network needs a second or two, one that falls back to TCP some more.
  static constexpr Duration kPatience = std::chrono::seconds(4);
  static constexpr Duration kLongestGap = std::chrono::seconds(10);  // of readings whose difference counts
  static constexpr Duration kFresh = std::chrono::seconds(15);       // of a reading
  static constexpr Duration kRecent = std::chrono::seconds(60);

 private:
  struct Block {
    double joins = 0, up = 0, attempts = 0;
  };
  struct Sums {
    double joins = 0, up = 0, attempts = 0, seconds = 0;  // decayed
    bool known() const { return joins >= 50 && up >= 0.3 * joins && seconds > 0; }
    double per_second() const { return joins / seconds; }
    // A lower bound (two standard errors), 0..1.
    double share() const;
    double attempts_per_join() const { return attempts / joins; }
  };
  struct Score {
    double sum = 0;
    Unmatched waiting;
  };

  bool Begin(const ReportedJoins& read);
  void Weigh(double joins, double up, double attempts);
  void Raise(Score* score, double expired, double matched);
  bool Fires(const Score& score, double share_of_threshold, double found, double usual) const;
  void Learn(Time now, bool learn);
  void ClearScores();
  double Threshold() const;

  static constexpr double kFew = 3;  // joins

  double allowance_;
  ReportedJoins last_;
  uint64_t offered_ = 0, offered_before_ = 0;  // in all; up to the last reading
  Sums usual_;
  LaggedBlocks<Block> blocks_{LagOptions{}};
  Score reported_, sockets_;
  Time since_{};                              // a sum left zero
  double begun_ = 0, up_ = 0, attempts_ = 0;  // since then
  double credit_ = 0;                         // joins that may still be expected
  Time came_up_{}, before_{};                 // last; the same when the sum left zero
  Time expired_{};                            // a join has waited for kPatience, last
  double in_vain_ = 0;                        // joins that have, since the last that came up
  Time suspected_since_{}, changed_until_{};
  bool confirmed_ = false;
  Hysteresis fired_;
};

}  // namespace candor
