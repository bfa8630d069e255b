// SPDX-License-Identifier: Apache-2.0
//
// The detectors sitting together: one allowance of false alarms among them, one baseline, the same evidence
// of attempts. Pure; one thread.
#pragma once

#include <array>
#include <vector>

#include "evidence/attempt_evidence.h"
#include "evidence/baseline.h"
#include "verdict/sequential_test.h"

namespace candor {

class DetectorBank {
 public:
  DetectorBank(double allowed_per_month, double smallest_share, const ContributionOptions& contributions);

  // Something was learned, or a minute has gone by. `widening`, at least 1: how much more failing and slower
  // than usual a crowd that is coming in may be.
  // `slowdown`, at least 1: how many times the usual setups take at present, where that has been found.
  void Tune(const Baseline& baseline, Time now, double widening, double slowdown);
  // The same, where nothing was learned since: crowds come and go, and the tables made for one may stand
  // until the baseline changes.
  void Widen(const Baseline& baseline, Time now, double widening, double slowdown);
  void SetRate(double per_second);

  // A concluded attempt in order of arrival, for all detectors but early drops. True when the
  // caps held a failure of it back.
  bool Commit(const AttemptRecord& r, Time now);
  void CommitDrop(const AttemptRecord& r, Time now);

  // `before` was committed as it stood then, and has become active late, as `r`.
  void CommitLate(const AttemptRecord& before, const AttemptRecord& r, Time now);

  // Adds what is pending on top of what is concluded, oldest first. Attempts that arrived before `from` were
  // judged already and are left out. Unless asked to be exact, leaves alone what cannot become doubtful.
  void Weigh(const AttemptEvidence& evidence, Time now, Time from, bool exactly);
  void Reset();
  // Forgets what one detector has heard.
  void Reset(Detector c) { at(c).Reset(); }

  const SequentialTest& test(Detector c) const { return tests_[Index(c)]; }
  const std::array<SequentialTest, kDetectors>& tests() const { return tests_; }
  const ContributionOptions& contributions() const { return contributions_; }

 private:
  struct Tables {
    double widening = 0, slowdown = 0;  // 0: not made yet
    ByAge setup{}, acknowledgement{};
    std::array<Likelihood, kDetectors> likelihood{};
    std::array<double, kDetectors> usual{};  // 0: not made yet
  };
  Tables& TablesFor(const Baseline& baseline, double widening, double slowdown);
  Likelihood Tabulate(const SequentialTest& t, double usual, const Tables& tables) const;
  std::array<double, kDetectors> Ceilings(const AttemptEvidence& evidence, Time now, Time from);
  void Try(SequentialTest* t, const AttemptEvidence& evidence, Time now, Time from, bool told) const;
  void TryDrops(SequentialTest* t, const AttemptEvidence& evidence, Time now, Time from, bool told) const;
  SequentialTest& at(Detector c) { return tests_[Index(c)]; }

  ContributionOptions contributions_;
  Float4 ladder_;
  ByAge dropped_by_;
  std::array<SequentialTest, kDetectors> tests_;
  std::array<Tables, 3> tables_;
  size_t tables_made_ = 0;
  std::vector<size_t> telling_;  // places of those arrivals that do not simply speak for the node
};

}  // namespace candor
