// SPDX-License-Identifier: Apache-2.0
//
// The rate of successes, and whether it matches its baseline while attempts go unacknowledged. Forged
// attempts add arrivals and remove no successes; a node that answers only a share of its clients loses that
// share of its successes. The successes since the suspicion began are compared, as Poisson counts, with the
// rate well before it. Before that rate is known, what came until shortly before the first unanswered attempt
// takes its place for as long as the suspicion lasts: that some of it was missing already makes it only too
// low, and a fall harder to show. Pure; one thread. Tested in tests/evidence/baseline_successes_test.cc.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <optional>

#include "base/time.h"

namespace candor {

class BaselineSuccesses {
 public:
  // The count since the suspicion began, of at most the last five to ten minutes, and its expectation.
  struct Recent {
    uint64_t successes = 0;
    double expected = 0;
    Duration window{};
  };

  // What was learned, exponentially decayed: what outlives the process.
  struct Learned {
    double successes = 0, offered = 0, seconds = 0;
    double dispersion = 1;  // Dispersion()
    // Of numbers that are finite and not negative.
    bool Sensible() const {
      return successes <= kMostPerSecond * seconds && offered <= kMostPerSecond * seconds &&
             seconds <= kMostSeconds && dispersion >= 1 && dispersion <= kMostDispersion;
    }
  };

  static constexpr double kNaturalFall = 0.05;  // share of the successes

  void Succeeded() { ++now_.successes, ++second_.successes; }
  // A new attempt; an acknowledgement of one.
  void Offered() { ++now_.offered, ++second_.offered; }
  void Acknowledged() { ++now_.acknowledged, ++second_.acknowledged; }

  // `suspected`: attempts go unacknowledged. Nothing is learned from the minute before until it is over.
  // `since`: when they began to, at most a minute ago; Time{}: not known, so now. It must not depend on the
  // successes.
  void Advance(Time now, bool suspected, Time since = Time{}) {
    if (!begun_) begun_ = true, now_.begin = second_.begin = now;
    NoteSecond(now);
    if (suspected != suspected_) Turn(now, suspected, since);
    const Duration age = now - now_.begin;
    if (suspected_ && age >= kWindow) Roll(now);
    if (!suspected_ && age >= kBlock) Wait(now);
  }

  bool known() const { return learned_ >= kEnough; }
  // Enough for more than a suspicion: learned, or sixty successes that came shortly before.
  bool firm() const { return known() && (!instead_of_ || learned_ >= kFirm); }
  double BaselinePerSecond() const { return span_ > 0 ? learned_ / span_ : 0; }

  Learned Save() const {
    const Sums own = instead_of_.value_or(Sums{learned_, learned_offered_, span_});
    return {own.successes, own.offered, own.seconds, std::clamp(dispersion_, 1.0, kMostDispersion)};
  }
  // What Save() gave `age` ago. It weighs three minutes at most, and no more than what a natural fall since
  // then leaves certain. False, and nothing changes: it makes no sense.
  bool Restore(const Learned& l, Duration age) {
    if (!l.Sensible() || age < Duration(0)) return false;
    const double drift = kNaturalFallPerHour * Seconds(age) / 3600;  // relative standard deviation
    const double most = std::min(1 / std::max(1e-9, drift * drift), l.successes);
    const double keep =
        std::min({1.0, kRestored / std::max(1.0, l.seconds), most / std::max(1.0, l.successes)});
    learned_ = l.successes * keep, learned_offered_ = l.offered * keep, span_ = l.seconds * keep;
    dispersion_ = l.dispersion;
    return true;
  }

  Recent Since(Time now) const {
    if (!begun_ || !suspected_) return {};
    const Duration window = now - (before_.begin == Time{} ? now_.begin : before_.begin);
    return {now_.successes + before_.successes, BaselinePerSecond() * Seconds(window), window};
  }

  // The log-likelihood ratio of "successes at the baseline rate" to "fewer, by the share of attempts that are
  // not acknowledged"; 0: nothing is known.
  double BaselineLogRatio(Time now) const {
    if (!known() || !suspected_) return 0;
    const uint64_t offered = now_.offered + before_.offered;
    const double acknowledged = static_cast<double>(now_.acknowledged + before_.acknowledged);
    if (offered == 0) return 0;
    const double lost = std::clamp(1 - acknowledged / static_cast<double>(offered), kLeastLost, kMostLost);
    const Recent r = Since(now);
    return -std::log1p(-lost) * static_cast<double>(r.successes) - lost * r.expected;
  }

  // The log-likelihood ratio of "fewer successes, by the share of attempts that are not acknowledged" to "as
  // many as usual, but for a natural fall"; 0: nothing is known, or the share is no larger than such a fall.
  // `granted`: of a natural fall, beside the baseline's own error and an evening's.
  double FallenLogRatio(Time now, double granted = kNaturalFall) const {
    if (!known() || !suspected_) return 0;
    const double offered = static_cast<double>(now_.offered + before_.offered);
    if (offered <= 0) return 0;
    const double acknowledged = static_cast<double>(now_.acknowledged + before_.acknowledged);
    const Recent r = Since(now);
    const double lost = std::clamp(1 - acknowledged / offered, 0.0, kMostLost);
    // An evening's fall since the baseline was learned, and the baseline's own error.
    const double fall =
        granted + kNaturalFallPerHour * Seconds(r.window) / 3600 + 1 / std::sqrt(std::max(1.0, learned_));
    if (lost <= fall) return 0;
    const double ratio =
        -std::log((1 - fall) / (1 - lost)) * static_cast<double>(r.successes) + (lost - fall) * r.expected;
    return ratio / Dispersion();
  }
  // More new attempts come than usual: a node that ignores a share of its clients has no more of them.
  bool ArrivalsRose(Time now) const {
    const double usual = span_ > 0 ? learned_offered_ / span_ * Seconds(Since(now).window) : 0;
    const double offered = static_cast<double>(now_.offered + before_.offered);
    return offered > kRose * usual + kRoseErrors * std::sqrt(Dispersion() * usual);
  }
  // The variance of the successes of a block relative to Poisson's; at least 1.
  double Dispersion() const { return std::max(instead_of_ ? kYoungDispersion : 1.0, dispersion_); }

  // Successes continue at the baseline rate, with odds of 100 to 1 and no significant deficit. What came
  // shortly before the suspicion is too low for that.
  bool MatchesBaseline(Time now) const {
    return !instead_of_ && BaselineLogRatio(now) >= kSure && Deficit(now) <= kStandardErrors;
  }
  // Not any more: the threshold to leave MatchesBaseline().
  bool BelowBaseline(Time now) const {
    return BaselineLogRatio(now) < 0 || Deficit(now) > 2 * kStandardErrors;
  }

 private:
  struct Count {
    Time begin{};
    uint64_t successes = 0, offered = 0, acknowledged = 0;
  };
  struct Sums {
    double successes = 0, offered = 0, seconds = 0;
  };
  struct Block {
    double successes = 0, offered = 0;
    Duration span{};
    Time end{};
  };
  static constexpr Duration kBlock = std::chrono::seconds(10), kLag = std::chrono::seconds(60),
                            kWindow = std::chrono::minutes(5);
  static constexpr double kMemory = 900;  // seconds
  static constexpr double kEnough = 20;   // successes learned
  static constexpr double kFirm = 60;     // likewise, where they came shortly before
  static constexpr double kLeastLost = 0.05, kMostLost = 0.9;
  static constexpr double kRestored = 180;  // seconds
  static constexpr double kMostSeconds = 1e6, kMostPerSecond = 1e6, kMostDispersion = 50;
  // A set-up takes as long: before the first unanswered attempt they are missing already.
  static constexpr Duration kApart = std::chrono::seconds(1);
  static constexpr double kYoungDispersion = 1.5;  // not known yet

  static constexpr double kNaturalFallPerHour = 0.3;
  static constexpr double kRose = 1.25, kRoseErrors = 2;
  static constexpr double kDispersionMemory = 60;  // blocks

  static constexpr double kSure = 4.6;          // 100 to 1
  static constexpr double kStandardErrors = 2;  // of the count and of its expectation

  // The deficit of successes in standard errors.
  double Deficit(Time now) const {
    const Recent r = Since(now);
    const double error = std::sqrt(r.expected + r.expected * r.expected / std::max(1.0, learned_));
    return error > 0 ? (r.expected - static_cast<double>(r.successes)) / error : 0;
  }
  void Turn(Time now, bool suspected, Time since) {
    suspected_ = suspected;
    if (suspected && since != Time{} && !known()) TakeLatest(since);
    if (!suspected && instead_of_) Take(*instead_of_), instead_of_.reset();
    waiting_.clear();  // may include the beginning of the suspicion, or its end
    before_ = {};
    now_ = {now, 0, 0, 0};
    if (!suspected || since == Time{}) return;
    now_ = second_;
    for (auto s = seconds_.rbegin(); s != seconds_.rend() && s->begin >= since; ++s) {
      now_ = {s->begin, now_.successes + s->successes, now_.offered + s->offered,
              now_.acknowledged + s->acknowledged};
    }
  }
  // What came before `since`, of the last minute, in the place of a rate that is not known.
  void TakeLatest(Time since) {
    Sums latest{learned_, learned_offered_, span_};
    for (size_t i = 0; i < seconds_.size(); ++i) {
      const Count& s = seconds_[i];
      const Time end = i + 1 < seconds_.size() ? seconds_[i + 1].begin : second_.begin;
      if (end > since - kApart) break;
      latest.successes += static_cast<double>(s.successes), latest.offered += static_cast<double>(s.offered);
      latest.seconds += Seconds(end - s.begin);
    }
    instead_of_ = {learned_, learned_offered_, span_};
    Take(latest);
  }
  void Take(const Sums& s) { learned_ = s.successes, learned_offered_ = s.offered, span_ = s.seconds; }
  void NoteSecond(Time now) {
    if (now - second_.begin < std::chrono::seconds(1)) return;
    seconds_.push_back(second_);
    second_ = {now, 0, 0, 0};
    while (!seconds_.empty() && now - seconds_.front().begin > kLag) seconds_.pop_front();
  }
  void Roll(Time now) {
    before_ = now_;
    now_ = {now, 0, 0, 0};
  }
  void Wait(Time now) {
    waiting_.push_back(
        {static_cast<double>(now_.successes), static_cast<double>(now_.offered), now - now_.begin, now});
    now_ = {now, 0, 0, 0};
    while (!waiting_.empty() && now - waiting_.front().end >= kLag) {
      const Block& b = waiting_.front();
      LearnDispersion(b);
      const double keep = std::exp(-Seconds(b.span) / kMemory);
      learned_ = learned_ * keep + b.successes;
      learned_offered_ = learned_offered_ * keep + b.offered;
      span_ = span_ * keep + Seconds(b.span);
      waiting_.pop_front();
    }
  }

  void LearnDispersion(const Block& b) {
    const double usual = BaselinePerSecond() * Seconds(b.span);
    if (!known() || usual <= 0) return;
    const double off = b.successes - usual;
    dispersion_ += (off * off / std::max(1.0, usual) - dispersion_) / kDispersionMemory;
  }

  std::deque<Block> waiting_;
  std::deque<Count> seconds_;  // of the last minute
  Count now_, before_, second_;
  double learned_ = 0, learned_offered_ = 0, span_ = 0;
  double dispersion_ = 1;
  std::optional<Sums> instead_of_;  // what was learned, while TakeLatest() holds
  bool begun_ = false, suspected_ = false;
};

}  // namespace candor
