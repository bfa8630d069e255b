// SPDX-License-Identifier: Apache-2.0
//
// The detector of calls to which the node sends and whose peers report, by RTCP, that nothing arrives: what
// leaves the node is lost beyond it (a security group, a provider, a NAT). Each report of a running call is
// one observation: more was received, or the call has just gone unheard. A few do so on healthy nodes (a
// phone on hold discards what it gets), so the share is compared with its baseline. A call counts only where
// it was heard before, or another call of its client network was: some phones never report what they receive.
// Pure; one thread. Tested in tests/verdict/unheard_calls_detector_test.cc.
#pragma once

#include <array>
#include <optional>
#include <unordered_map>

#include "attempt/attempt_event.h"
#include "evidence/baseline_bad_seconds.h"
#include "evidence/client_networks.h"
#include "verdict/hysteresis.h"
#include "verdict/judge_options.h"
#include "verdict/recent_networks.h"
#include "verdict/sequential_test.h"

namespace candor {

class UnheardCallsDetector {
 public:
  UnheardCallsDetector(const JudgeOptions& options, ClientNetworkOptions networks);

  // Every event of every attempt; kReported, kDead and kClosed matter. What a call says for the first time
  // since `since`, or other than before: true, it goes unheard; false, it is heard.
  std::optional<bool> Observe(const AttemptEvent& e, Time since);
  // Brings the score up to `now`.
  void Weigh(Time now);
  // Forgets the evidence. An alarm stands while most of the calls are unheard.
  void Reset();

  // Enough reports have been learned from.
  bool judged() const { return learned_ >= rule::kReportsForUnheard; }
  // Most calls went unheard, or as many of fewer than four client networks as would show it.
  bool harms() const { return bool{harms_} || alarm_; }
  // Nearly all calls, of four networks or of trusted sources, and that is not usual on this node.
  bool alarm() const { return alarm_; }
  const SequentialTest& test() const { return test_; }
  // Calls that are unheard; of so many whose reports tell, within the last 30 s.
  uint64_t unheard() const { return unheard_; }
  uint64_t reporting() const { return reporting_; }

 private:
  struct Call {
    Time at{};    // of its last report that tells
    Time told{};  // of the last answer of Observe()
    bool told_nothing = false;
    bool heard = false, unheard = false;
    bool counted = false;  // its silence, once, by the baseline
    bool weighed = false;  // ... and by the test
    Time since{};          // of the report with which it went unheard
    IpAddress peer{};
    ClientNetwork network;
  };
  void Learn(bool failed, Time at);
  void Commit(uint64_t id, const Call& c, bool failed);
  void WeighUnheard();
  void Count(Time now);
  void LearnShare();
  bool NearlyAll() const;
  bool Most() const { return unheard_ >= rule::kLeastUnheard && 2 * unheard_ >= reporting_; }

  ClientNetworks networks_;
  SequentialTest test_;
  BaselineBadSeconds baseline_;
  Hysteresis harms_;
  bool alarm_ = false;
  Time last_report_{}, counted_{};
  double learned_ = 0;      // reports
  double per_second_ = 0;   // reports, exponentially decayed
  double known_ = 0;        // seconds in which calls told
  double usual_share_ = 0;  // of unheard calls, mean of these seconds, exponentially decayed
  uint64_t unheard_ = 0, reporting_ = 0;
  RecentNetworks heard_networks_;
  std::array<Time, kNetworkBuckets> heard_at_{};
  std::unordered_map<uint64_t, Call> calls_;  // by attempt; bounded
};

}  // namespace candor
