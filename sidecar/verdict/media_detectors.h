// SPDX-License-Identifier: Apache-2.0
//
// The seven detectors of media: connections become active, and a kind of media that is usual on this node
// does not come. The hypothesis is that (nearly) all go without it, and for what the node sends to senders
// also that a good share does. Pure; one thread.
// Tested in tests/verdict/judge_media_test.cc.
#pragma once

#include <array>
#include <optional>

#include "attempt/role.h"
#include "evidence/media_baseline.h"
#include "evidence/media_window.h"
#include "verdict/hysteresis.h"
#include "verdict/sequential_test.h"
#include "verdict/verdict.h"

namespace candor {

class MediaDetectors {
 public:
  // `allowed`: false alarms of the whole judge per 30 days, > 0. `horizon`: time from becoming active for
  // which an attempt is observed.
  MediaDetectors(double allowed, Duration horizon, size_t max_attempts, Role role);

  // A counted attempt became active; then every event of attempts whose source reports media.
  void Add(const AttemptRecord& r) { window_.Add(r); }
  void Observe(const AttemptEvent& e) { window_.Observe(e); }

  // Calls `visit(record)` for each attempt whose observation ends at `now`, then learns from it and adds it
  // to the sums. Attempts offered before `from` belong to an earlier verdict.
  template <class Visit>
  void Conclude(Time now, Time from, Visit&& visit) {
    window_.Conclude(now, [&](const MediaRecord& r) {
      visit(r);
      Conclude(r, now, from);
    });
  }
  // True when the baseline has changed: tune.
  bool Advance(Time now) { return baseline_.Advance(now); }
  // `surge`: Widening::surge.
  void Tune(double surge);
  void SetRate(double per_second);
  // Adds what is pending; see SequentialTest::Weigh().
  void Weigh(Time now, Time from, bool exactly);
  void Reset();
  // Nothing is learned from the present.
  void ExcludeAll() { baseline_.ExcludeAll(); }

  // The detector that makes the node FAILING and has fired; the one in doubt.
  std::optional<Detector> alarm() const;
  std::optional<Detector> doubt() const;
  // The detector that harms, with hysteresis: on at h, off at half of it. `few_networks`: so few are usual
  // that the limits let no alarm pass: what they hold back counts, too.
  std::optional<Detector> harm(bool few_networks) const;

  const SequentialTest& test(Detector d) const { return rows_[At(d)].test; }
  // The 99th percentile of the time that the kind of `d` takes to come.
  Duration UsualTime(Detector d) const { return baseline_.Times(rows_[At(d)].kind).Quantile(0.99); }
  // The baseline share of attempts without it, an upper bound.
  double Missing(Detector d) const { return baseline_.Missing(rows_[At(d)].kind); }
  // Appends the detectors that are judged.
  void Show(Verdict* v) const;

  MediaBaseline::State learned() const { return baseline_.Export(); }
  void Relearn(const MediaBaseline::State& s, Duration age);

 private:
  struct Row {
    MediaKind kind;
    SequentialTest test;
    bool judged = false;  // the kind is so usual that its absence is evidence
    Hysteresis harms{};
    Time harmed_since{};
  };
  static constexpr size_t At(Detector d) { return Index(d) - Index(Detector::kNoRtpToSenders); }
  static Row Make(Detector d, double allowed);
  void Conclude(const MediaRecord& r, Time now, Time from);
  double Ceiling(const Row& row, Time now, Time from) const;
  void AddPending(Row* row, Time now, Time from, bool with_summary) const;
  void UpdateHarm(Row* row, Time now);
  // The first for which `is(row)`.
  template <class Is>
  std::optional<Detector> First(Is is) const;

  Role role_;
  MediaWindow window_;
  MediaBaseline baseline_;
  std::array<Row, kMediaDetectors> rows_;
  Time last_concluded_{};
};

}  // namespace candor
