// SPDX-License-Identifier: Apache-2.0
//
// The seven detectors of whether attempts become active: one baseline, the same attempts, each with its own
// test. Pure; one thread.
// Tested in tests/verdict/attempt_detectors_test.cc and tests/verdict/judge_detectors_test.cc.
#pragma once

#include <array>
#include <vector>

#include "evidence/attempt_evidence.h"
#include "evidence/baseline.h"
#include "evidence/failure_run_length.h"
#include "verdict/sequential_test.h"

namespace candor {

// How much worse than the baseline is healthy at present; factors, at least 1.
struct Widening {
  double surge = 1;     // of failure rates and times, while arrivals surge
  double slowdown = 1;  // of setup times, while setups as a whole have been found to be slow
  bool operator==(const Widening&) const = default;
};

class AttemptDetectors {
 public:
  // `allowed`: false alarms of the whole judge per 30 days, > 0.
  AttemptDetectors(double allowed, double smallest_share, const ContributionOptions& contributions);

  // `learned`: the baseline has changed since the last call; else the tables made for a widening stand.
  void Tune(const Baseline& baseline, Time now, const Widening& widening, bool learned);
  void SetRate(double per_second);

  // A concluded attempt in order of arrival, for all detectors but early_drop. True when the limit per
  // network held a failure of it back.
  bool Commit(const AttemptRecord& r, Time now);
  void CommitDrop(const AttemptRecord& r, Time now);
  // `before` was committed and has become active late, as `r`.
  void CommitLate(const AttemptRecord& before, const AttemptRecord& r, Time now);
  // What has been a run of failures until a success came.
  FailureRunLength& failure_runs() { return failure_runs_; }
  const FailureRunLength& failure_runs() const { return failure_runs_; }

  // Adds the pending attempts that arrived at `from` or later, oldest first; see SequentialTest::Weigh().
  void Weigh(const AttemptEvidence& evidence, Time now, Time from, bool exactly);
  void Reset();
  void Reset(Detector d) { at(d).Reset(); }
  // Whether attempts that were dropped before a socket count (ContributionOptions::lost_counts).
  void CountLost(bool counts) { contributions_.lost_counts = counts; }

  const SequentialTest& test(Detector d) const { return tests_[Index(d)]; }
  const std::array<SequentialTest, kDetectors>& tests() const { return tests_; }
  const ContributionOptions& contributions() const { return contributions_; }
  // It fired, and none_active for more than a usual run of failures.
  bool Fires(Detector d) const;

 private:
  struct Tables {
    Widening widening{0, 0};  // 0: not made yet
    ByAge setup{}, acknowledgement{};
    std::array<Likelihood, kDetectors> likelihood{};
    std::array<double, kDetectors> rate{};  // 0: not made yet
  };
  Tables& TablesFor(const Baseline& baseline, const Widening& widening);
  Likelihood Tabulate(const SequentialTest& t, double baseline_rate, const Tables& tables) const;
  std::array<double, kDetectors> Ceilings(const AttemptEvidence& evidence, Time now, Time from);
  void AddPending(SequentialTest* t, const AttemptEvidence& evidence, Time now, Time from,
                  bool with_summary) const;
  SequentialTest& at(Detector d) { return tests_[Index(d)]; }

  ContributionOptions contributions_;
  Float4 severities_;
  ByAge dropped_by_;
  std::array<SequentialTest, kDetectors> tests_;
  std::array<Tables, 3> tables_;
  size_t tables_made_ = 0;
  std::vector<size_t> not_fast_;  // indices of the arrivals that are not simply successes
  FailureRunLength failure_runs_;
};

}  // namespace candor
