// SPDX-License-Identifier: Apache-2.0
//
// All detectors, which own their state, and what they found together. The false-alarm budget is divided
// among them (rule_constants.h). Pure; one thread.
// Tested in tests/verdict/judge_detectors_test.cc.
#pragma once

#include "verdict/attempt_detectors.h"
#include "verdict/joins_detector.h"
#include "verdict/judge_options.h"
#include "verdict/local_fault_detector.h"
#include "verdict/media_detectors.h"
#include "verdict/muted_calls_detector.h"
#include "verdict/reported_joins_detector.h"
#include "verdict/setup_shift_detector.h"
#include "verdict/socket_detectors.h"
#include "verdict/source_guard.h"
#include "verdict/unanswered_detector.h"
#include "verdict/unheard_calls_detector.h"

namespace candor {

struct DetectorBank {
  DetectorBank(const JudgeOptions& options, const ContributionOptions& contributions);

  // Takes what time brings; true when a media baseline has changed. `kept_away`: balancers keep clients away.
  bool Advance(Time now, bool kept_away);
  // `learned`: a baseline has changed since the last call.
  void Tune(const Baseline& baseline, double per_second, Time now, const Widening& widening, bool learned);
  // Brings the scores up to `now`. Attempts that arrived before `from` belong to an earlier verdict.
  // `exactly`: with the figures for people.
  void Weigh(const AttemptEvidence& evidence, Time now, Time from, bool exactly);
  // `kept_away`: balancers keep clients away, and not because of unanswered attempts.
  Findings Find(Time now, bool kept_away);
  // What is in doubt must not become the baseline.
  void ExcludeDoubtful(Baseline* baseline) const;
  void Reset();

  // The test of any detector but those of sockets.
  const SequentialTest& test(Detector d) const;

  AttemptDetectors attempts;
  MediaDetectors media;
  MutedCallsDetector muted;
  UnheardCallsDetector unheard;
  SetupShiftDetector setup_shift;
  SocketDetectors sockets;
  UnansweredDetector unanswered;
  SourceGuard sources;
  JoinsDetector joins;
  ReportedJoinsDetector reported;
  LocalFaultDetector faults;

 private:
  void FindHarm(Time now, Findings* f) const;
  void FindUnexplained(Findings* f) const;
  void FindMuted(Findings* f) const;
  void FindUnheard(Findings* f) const;
  void FindFault(Findings* f) const;
  void DescribeMedia(Detector d, Findings* f) const;

  Hysteresis slow_;  // setups at the slow end
};

}  // namespace candor
