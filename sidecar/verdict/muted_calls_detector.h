// SPDX-License-Identifier: Apache-2.0
//
// The detector of calls that run and then get no media from the node any more, while their peers go on. Each
// look-up of a running call (some 5 s apart) is one observation: it is still served, or the node has fallen
// silent since. Calls fall silent on healthy nodes, too: on hold, by voice activity detection, after an
// announcement. So the share is compared with its baseline, and what falls silent at one moment counts as one
// call up to the largest number that did before: a conference in which nobody speaks, a batch of
// announcements. Beyond it each call counts, within the limit of its client network. Pure; one thread.
// Tested in tests/verdict/muted_calls_detector_test.cc.
#pragma once

#include <deque>
#include <unordered_map>

#include "attempt/attempt_event.h"
#include "evidence/baseline_bad_seconds.h"
#include "evidence/client_networks.h"
#include "verdict/hysteresis.h"
#include "verdict/judge_options.h"
#include "verdict/sequential_test.h"

namespace candor {

class MutedCallsDetector {
 public:
  MutedCallsDetector(const JudgeOptions& options, ClientNetworkOptions networks);

  // Every event of every attempt; kRunning, kDead and kClosed matter.
  void Observe(const AttemptEvent& e);
  // Brings the score up to `now`. `few_networks`: so few are usual that the limits let no alarm pass: what
  // they hold back counts as harm, too.
  void Weigh(Time now, bool few_networks);
  void Reset();

  // Enough look-ups have been learned from.
  bool judged() const { return learned_ >= rule::kLookupsForMuted; }
  bool harms() const { return bool{harms_}; }
  // The calls stay silent for kMutedForGood after that, so they are not held, and enough is known of this
  // node to say that it is not usual.
  bool alarm() const { return alarm_; }
  const SequentialTest& test() const { return test_; }
  // Calls that fell silent within the last minute and are so now; of so many that were looked up in it.
  uint64_t muted() const { return muted_; }
  uint64_t running() const { return running_; }

 private:
  struct Fall {
    Time at{};  // the node's last media
    uint64_t id = 0;
    size_t together = 0;  // that fell silent at the same moment, itself included
  };
  void Served(const AttemptEvent& e);
  void FellSilent(const AttemptEvent& e);
  void Commit(const AttemptEvent& e, Contribution c);
  double UsualShare() const;
  size_t Together(Time at);
  void LearnBursts(Time now);
  void Count(Time now);

  Role role_;
  ClientNetworks networks_;
  SequentialTest test_;
  BaselineBadSeconds baseline_;
  Hysteresis harms_;
  bool alarm_ = false;
  Time fired_since_{};  // within the limits per network, while it harms
  Time fires_since_{};  // until it is over
  Time last_look_{}, counted_{};
  double learned_ = 0;  // look-ups
  double fell_ = 0;     // of these, until learned_ reaches kLookupsToFail: calls that had just fallen silent
  double per_second_ = 0;  // look-ups, exponentially decayed
  double usual_burst_ = 0;
  Time burst_learned_{};
  uint64_t muted_ = 0, running_ = 0;
  std::deque<Fall> falls_;                            // of the last minute, bounded
  std::unordered_map<uint64_t, Time> silent_, seen_;  // by attempt: since when; last look-up as served
};

}  // namespace candor
