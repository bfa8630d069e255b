// SPDX-License-Identifier: Apache-2.0
//
// The detector of calls to which the node sends and whose peers report, by RTCP, that nothing arrives: what
// leaves the node is lost beyond it (a security group, a provider, a NAT). Each report of a running call is
// one observation: more was received, or the call has just gone unheard. A few do so on healthy nodes (a
// phone on hold discards what it gets), so the share is compared with its baseline. A call counts only where
// it was heard before, or another call of its client network was: some phones never report what they receive.
// A call keeps what it said last until it ends or two look-ups have passed: on large nodes they are rare
// (attempt/look_interval.h). Pure; one thread. Tested in tests/verdict/unheard_calls_detector_test.cc.
#pragma once

#include <array>
#include <bitset>
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
  // Forgets the evidence, not an alarm.
  void Reset();
  // Forgets what is usual as well.
  void ResetBaseline();
  // An alarm of before a restart is in force: which networks were heard is not known any more, so calls that
  // were never heard count as well, while at most a quarter of the calls is heard, and for kHeardBefore.
  void Resume(Time now);
  // That alarm is over.
  void Settle();

  // Enough reports have been learned from.
  bool judged() const { return learned_ >= rule::kReportsForUnheard; }
  // Most calls went unheard, or as many of fewer than four client networks as would show it.
  bool harms() const { return bool{harms_} || alarm_; }
  // Nearly all calls, of four networks or of trusted sources, and that is not usual on this node. It stands
  // while most are unheard: of four networks, of trusted sources, or three that were never heard since.
  bool alarm() const { return alarm_; }
  const SequentialTest& test() const { return test_; }
  // Calls that are unheard; of so many whose reports tell.
  uint64_t unheard() const { return tally_.unheard; }
  uint64_t reporting() const { return tally_.reporting; }

 private:
  struct Call {
    Time at{};    // of its last report that tells
    Time told{};  // of the last answer of Observe()
    bool told_nothing = false;
    bool unheard = false;
    bool unproven = false;  // unheard, and neither it nor its network was ever heard
    Time heard{};           // last
    bool counted = false;   // its silence, once, by the baseline
    bool weighed = false;   // ... and by the test
    Time since{};           // of the report with which it went unheard
    IpAddress peer{};
    ClientNetwork network;
  };
  struct Tally {
    uint64_t unheard = 0, reporting = 0;
    uint64_t trusted = 0, lasting = 0;      // unheard: of trusted sources; never heard since the alarm
    std::bitset<kNetworkBuckets> networks;  // of the unheard ones
  };
  bool HeardBefore(const ClientNetwork& n, Time at) const;
  bool Resumed(Time now) const { return resumed_ != Time{} && now - resumed_ <= rule::kHeardBefore; }
  // What comes now may be the outage: it must not become usual.
  bool Suspected() const { return test_.Doubtful() || harms() || Most() || resumed_ != Time{}; }
  void Tune();
  void NoteGap(const Call& c, Time at);
  Duration Window() const;
  void Learn(bool failed);
  void Commit(uint64_t id, const Call& c, bool failed);
  void WeighUnheard();
  Tally Count(Time now, bool unproven) const;
  void Count(Time now);
  void LearnShare();
  bool NearlyAll() const;
  bool Most() const { return unheard() >= rule::kLeastUnheard && 2 * unheard() >= reporting(); }
  bool Stands() const;

  ClientNetworks networks_;
  SequentialTest test_;
  BaselineBadSeconds baseline_;
  Hysteresis harms_;
  bool alarm_ = false;
  Time last_report_{}, counted_{}, alarmed_{}, resumed_{};
  bool believed_ = true;    // calls that were never heard, while resumed
  double learned_ = 0;      // reports
  double per_second_ = 0;   // reports, exponentially decayed
  double known_ = 0;        // seconds in which calls told
  double usual_share_ = 0;  // of unheard calls, mean of these seconds, exponentially decayed
  // Between reports of heard calls, in seconds, decayed: their sum, and that of their squares.
  double gaps_ = 0, squares_ = 0;
  Tally tally_;
  RecentNetworks heard_networks_;
  std::array<Time, kNetworkBuckets> heard_at_{};
  std::unordered_map<uint64_t, Call> calls_;  // by attempt; bounded
};

}  // namespace candor
