// SPDX-License-Identifier: Apache-2.0
//
// One channel of evidence: what is usual in it, the sum over settled attempts, and a trial on top of it
// with the attempts still pending. Pure; one thread.
#pragma once

#include "verdict/running_sum.h"
#include "verdict/threshold.h"

namespace candor {

class ChannelTest {
 public:
  // `allowance`: this channel's part of the false alarms allowed per 30 days.
  ChannelTest(Channel channel, Four ladder, double allowance)
      : channel_(channel), ladder_(ladder), allowance_(allowance) {}

  void Tune(double usual, const Likelihood& likelihood) {
    usual_ = usual;
    likelihood_ = likelihood;
  }
  // Other stories: what the old ones summed up is forgotten.
  void SetLadder(Four ladder) {
    if (!AnyAbove(ladder_, ladder) && !AnyAbove(ladder, ladder_)) return;
    ladder_ = ladder;
    Reset();
  }
  void SetRate(double per_second) {
    // A few failures in a row are all that a total failure shows: nothing but the proof will do there.
    h_ = OfAll() ? SureThreshold(per_second, allowance_) : Threshold(per_second, allowance_);
    // Four networks must suffice and three must not: z averages four severities, so h + ln 4 does it.
    bounds_.cap = Splat(static_cast<float>((h_ + 1.3863) / 4));
    bounds_.most = Splat(static_cast<float>(2 * h_));
  }

  // A settled attempt, in order of arrival. True when the cap held most of it back.
  // `age` matters of one that ended while it was pending.
  bool Commit(const AttemptRecord& r, Stance s, Duration age = Duration(0)) {
    return settled_.Add(r, s, Counts(channel_, r), age, likelihood_, bounds_);
  }

  // A failure that Commit() was told of has become a success.
  void TakeBack(const AttemptRecord& r, Stance s) {
    settled_.TakeBack(r, s, Counts(channel_, r), likelihood_, bounds_);
  }

  // The most that attempts of such stances could lift it to, without weighing them in order.
  double Ceiling() const {
    return static_cast<double>(std::max(Largest(settled_.sums()), Largest(settled_.unguarded())));
  }
  double MostOf(Stance s, Duration age) const {
    return static_cast<double>(Largest(likelihood_.Ratio(s, age)));
  }
  // Nothing pending can make it doubtful: it stands where it stood, at most at `ceiling`.
  void SkipTrial(double ceiling) {
    z_ = std::min(z_, ceiling);
    unguarded_z_ = std::min(unguarded_z_, ceiling);
    trusted_alone_ = false;
  }

  // Nothing speaks against the node, settled or pending.
  void NothingToTry() {
    if (tried_) trial_ = RunningSum{};
    tried_ = trusted_alone_ = false;
    z_ = unguarded_z_ = 0;
  }

  void BeginTrial() {
    trial_ = settled_;
    tried_ = true;
  }
  // `told`: with the tallies, for people to see.
  void Try(const AttemptRecord& r, Stance s, Duration age, bool told) {
    trial_.Add(r, s, Counts(channel_, r), age, likelihood_, bounds_, told);
  }

  bool TrialRests() const { return trial_.Rests(); }

  void EndTrial() {
    z_ = trial_.Z();
    const bool would_fire = z_ >= h_;
    if (z_ >= h_ / 2) z_ = trial_.SoberZ(bounds_, ClientsMayBeAtFault());
    trusted_alone_ = would_fire && z_ < h_ && ClientsMayBeAtFault() && trial_.OthersDisagree();
    unguarded_z_ = trial_.UnguardedZ();
  }

  // Forgets everything said so far: what comes next is judged on its own.
  void Reset() {
    settled_ = trial_ = RunningSum{};
    tried_ = trusted_alone_ = false;
    z_ = unguarded_z_ = 0;
  }

  bool Doubtful() const { return std::max(z_, unguarded_z_) >= h_ / 2; }
  Channel channel() const { return channel_; }
  Four ladder() const { return ladder_; }
  double h() const { return h_; }
  double usual() const { return usual_; }
  double z() const { return z_; }
  // It would have fired, but all others than trusted sources succeed as usual.
  bool trusted_alone() const { return trusted_alone_; }
  double unguarded_z() const { return unguarded_z_; }  // all comers: no caps, retries included
  const Tally& tally() const { return trial_.tally(); }
  const Tally& unguarded_tally() const { return trial_.unguarded_tally(); }
  double Severity() const { return LikelySeverity(ladder_, trial_.unguarded()); }
  // Settled failures in a row, as sure as they can be, that raise the alarm: before so many attempts were
  // counted the channel knows nothing.
  double Needed() const {
    return std::ceil((h_ + 1.3863) / static_cast<double>(likelihood_.against_node[kSeverities - 1]));
  }

 private:
  // Its one story is that all fail.
  bool OfAll() const {
    return channel_ == Channel::kNoneActive || channel_ == Channel::kNoRtpToSenders ||
           channel_ == Channel::kNoDataToSenders || channel_ == Channel::kNoRtpOut ||
           channel_ == Channel::kNoRtpIn || channel_ == Channel::kNoDataIn;
  }
  // Not where the node itself owes or falls silent, whoever asks.
  bool ClientsMayBeAtFault() const {
    return channel_ == Channel::kNeverActive || channel_ == Channel::kNeverActiveAlive ||
           channel_ == Channel::kNoneActive;
  }

  Channel channel_;
  Four ladder_;
  double allowance_;
  double h_ = 0, usual_ = 0, z_ = 0, unguarded_z_ = 0;
  RunningSum::Bounds bounds_{};
  Likelihood likelihood_;
  RunningSum settled_, trial_;
  bool trusted_alone_ = false;
  bool tried_ = false;  // since trial_ was last empty
};

}  // namespace candor
