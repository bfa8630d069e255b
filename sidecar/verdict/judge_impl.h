// SPDX-License-Identifier: Apache-2.0
//
// The judge's inside: docket and baseline (evidence), panel (arithmetic), latch (hysteresis), verdict
// (words). Private to this room.
#pragma once

#include "evidence/arrival_rate.h"
#include "evidence/baseline.h"
#include "evidence/docket.h"
#include "evidence/forgetting.h"
#include "evidence/node_silence.h"
#include "evidence/refusals.h"
#include "evidence/usual_row.h"
#include "evidence/usual_successes.h"
#include "evidence/vouch_drop.h"
#include "verdict/alarm_memory.h"
#include "verdict/findings.h"
#include "verdict/judge.h"
#include "verdict/latch.h"
#include "verdict/media_tests.h"
#include "verdict/panel.h"
#include "verdict/recovery.h"
#include "verdict/setup_shift.h"
#include "verdict/socket_tests.h"
#include "verdict/usual_networks.h"

namespace candor {

class Judge::Impl : public DocketListener {
 public:
  explicit Impl(JudgeOptions options);

  void Observe(const AttemptEvent& e);
  void ObserveNode(const NodeActivity& activity);
  void ObserveSockets(const SocketCounts& counts) { sockets_.Observe(counts); }
  const Verdict& Tick(Time now);

  const Verdict& verdict() const { return verdict_; }
  uint64_t counted() const { return counted_; }
  uint64_t evicted() const { return docket_.evicted(); }
  std::string SaveBaseline() const;
  Result<void> RestoreBaseline(std::string_view text, Duration age, Time now);
  void ResetBaseline();

  void OnOffered(const AttemptRecord& r) override;
  void OnVouched(const AttemptRecord& r, Time at) override;
  void OnActive(const AttemptRecord& r) override;
  void OnSettled(const AttemptRecord& r, Time now) override;
  void OnDropSettled(const AttemptRecord& r, Time now) override;
  void OnLate(const AttemptRecord& before, const AttemptRecord& r, Time now) override;

 private:
  static constexpr uint64_t kUnansweredInARow = 6;
  void Decide();
  void LearnSlowly();
  void SetRate();
  void CountEvidence(Time at);
  void CountRecovery(Channel c, const AttemptRecord& r, Stance s);
  void CountMediaRecovery(const MediaRecord& r);
  void Tune(bool learned);
  // Of any channel: the panel's, of media or of setup times.
  const ChannelTest& TestOf(Channel c) const;

  Findings Find();
  Silence Why() const;
  void FindFrozen(bool nobody, bool deaf, Findings* f);
  bool AtWork(Time then) const;
  bool TrustedAreUnanswered() const { return trusted_unanswered_ >= kUnansweredInARow; }
  void FindRefusals();
  void FindHarm(bool nobody, Findings* f);
  void FindHeldBack(bool nobody, Findings* f);
  bool OthersSucceed(const ChannelTest& t) const;
  void FindUnexplained(Findings* f) const;
  void FindMedia(Findings* f);
  void Describe(Channel media, Findings* f) const;
  bool FindSlow();
  bool HonoursNobody(bool* deaf) const;
  bool HonoursFewer() const;
  void ForgetUnanswered();
  Measured Measure() const;
  bool Fires(const ChannelTest& t) const;
  bool HeldBack(const ChannelTest& t) const;
  bool Sharper(const Findings& f) const;

  std::optional<AlarmMemory> Remember() const;
  void Resume(const AlarmMemory& m, Duration age);
  Signs Read(const Findings& f) const;
  void Enter(State before, const Findings& f);
  void Publish(const Findings& f, bool changed);
  bool RefreshDue() const;
  bool Fresh() const { return last_counted_ != Time{} && now_ - last_counted_ <= options_.fresh; }
  void Fill(const ChannelTest& t, bool with_held_back);

  JudgeOptions options_;
  Docket docket_;
  Baseline baseline_;
  ArrivalRate rate_;
  VouchDrop vouches_;
  UsualSuccesses successes_;
  Refusals refusals_;
  UsualRow usual_row_;
  NodeSilence silence_;
  Panel panel_;
  Latch latch_;
  Recovery recovery_;
  UsualNetworks usual_networks_;
  UsualNetworks succeeded_;  // when each network last had an attempt become active
  SocketTests sockets_;
  MediaTests media_;
  SetupShift shift_;

  Time now_{}, tuned_{}, decided_{}, published_{};
  Time judged_from_{};  // attempts that arrived earlier have had their verdict
  Time last_counted_{}, last_offered_{}, last_vouched_{};
  double widening_ = 1;  // while a crowd comes in
  double slowdown_ = 1;  // while setups as a whole are slow
  Time crowded_until_{};
  bool looked_since_vouch_ = false;  // at what the node sends
  uint64_t counted_ = 0;
  uint64_t counted_lately_ = 0;  // since the verdict was last UNKNOWN
  uint64_t capped_ = 0;
  uint64_t unanswered_in_a_row_ = 0;  // offered since the node last acknowledged anything
  Time unanswered_since_{};           // when the first of these came
  uint64_t trusted_unanswered_ = 0;   // of these, from trusted sources
  double unvouched_rate_ = 0;         // attempts not (yet) acknowledged, per second, over ten seconds
  Forgetting forget_unvouched_{10};
  std::array<bool, kChannels> harming_{};  // with hysteresis: on at h, off at h/2
  bool few_ = false, flood_ = false, unanswered_ = false, unanswered_idle_ = false, trusted_fail_ = false;
  bool refuses_ = false;
  bool media_told_ = false;  // by the event that is being observed
  bool shifted_ = false;     // as harming_, of kSetupShift
  Time held_since_{};        // the guards hold an alarm back
  Findings shown_;           // as last published
  Channel deciding_ = Channel::kNeverActive;
  Findings alarm_;  // why it is FAILING
  Verdict verdict_;
};

}  // namespace candor
