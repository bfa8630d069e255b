// SPDX-License-Identifier: Apache-2.0
//
// The shape of media as the judge weighs it: new connections are active, and yet a kind of media that is
// usual on this node no longer comes. Of each kind one story is told, that (nearly) all go without, and of
// what the node owes to those who send a second one, that a good share does. Pure; one thread.
#pragma once

#include <array>
#include <optional>

#include "evidence/media_baseline.h"
#include "evidence/media_window.h"
#include "verdict/sequential_test.h"
#include "verdict/verdict.h"

namespace candor {

class MediaDetectors {
 public:
  // The part of knob 1 that these tests have together (detector_bank.cc has the table).
  static constexpr double kAllowance = 0.08;

  // `allowed`: false alarms of the whole judge per 30 days. `horizon`: attempts are watched for so long.
  MediaDetectors(double allowed, Duration horizon, size_t max_attempts);

  // A counted attempt became active; then every event of attempts whose source tells of media.
  void Add(const AttemptRecord& r) { watch_.Add(r); }
  void Observe(const AttemptEvent& e) { watch_.Observe(e); }

  // Hands over what is concluded at `now`, learns from it, and calls `visit(record)` for each before.
  template <class Visit>
  void Conclude(Time now, Time from, Visit&& visit) {
    watch_.Conclude(now, [&](const MediaRecord& r) {
      visit(r);
      Conclude(r, now, from);
    });
  }
  // True when something was learned: tune.
  bool Advance(Time now) { return shape_.Advance(now); }
  // `widening`: as in DetectorBank::Tune().
  void Tune(double widening);
  void SetRate(double per_second);
  // Adds what is pending on top of what is concluded. Attempts offered before `from` were judged already.
  void Weigh(Time now, Time from, bool exactly);
  void Reset();
  // The judge distrusts everything at present.
  void ExcludeAll() { shape_.ExcludeAll(); }

  // What has fired and is the node's own: all who send are left without. Else nothing.
  std::optional<Detector> alarm() const;
  // The same at half the threshold.
  std::optional<Detector> doubt() const;
  // What harms, with hysteresis: on at h, off at half of it. What says most comes first.
  std::optional<Detector> harm() const;
  // Whether it harms by the word of too few networks: the caps hold it back.
  bool held_back(Detector c) const {
    return test(c).unguarded_score() >= test(c).h() && test(c).z() < test(c).h();
  }

  const SequentialTest& test(Detector c) const { return rows_[At(c)].test; }
  // Whether so much is usual that its absence tells something.
  bool informed(Detector c) const { return rows_[At(c)].informed; }
  // How long the kind of `c` takes to come, 99 of 100 times.
  Duration UsualTime(Detector c) const { return shape_.Times(rows_[At(c)].kind).Quantile(0.99); }
  // The share that usually goes without, an upper bound.
  double Missing(Detector c) const { return shape_.Missing(rows_[At(c)].kind); }
  // Appends to detectors what is informed.
  void Show(Verdict* v) const;

  MediaBaseline::State learned() const { return shape_.Export(); }
  void Relearn(const MediaBaseline::State& s, Duration age);

 private:
  struct Row {
    MediaKind kind;
    SequentialTest test;
    bool informed = false, harms = false;
    Time harmed_since{};
  };
  static constexpr size_t At(Detector c) { return Index(c) - Index(Detector::kNoRtpToSenders); }
  static Row Make(Detector c, double allowed);
  void Conclude(const MediaRecord& r, Time now, Time from);
  void Weigh(Row* row, Time now, Time from, bool exactly);
  double Ceiling(const Row& row, Time now, Time from) const;
  void Try(Row* row, Time now, Time from, bool told) const;
  void Hold(Row* row, Time now);

  MediaWindow watch_;
  MediaBaseline shape_;
  std::array<Row, kMediaDetectors> rows_;
  Time last_settled_{};
};

}  // namespace candor
