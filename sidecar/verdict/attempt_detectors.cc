// SPDX-License-Identifier: Apache-2.0
#include "verdict/attempt_detectors.h"

#include <algorithm>

namespace candor {
namespace {

SequentialTest Make(Detector d, double allowed, Float4 severities) {
  return SequentialTest(d, severities, allowed * rule::kBudget[Index(d)]);
}

// No faster than the prior: on a fast node an attempt that takes a second is slow, not lost. Without this a
// node whose setups rise from 28 ms to 1.1 s is FAILING by its pending ones before the first of them is
// active.
ByAge NoFasterThanPrior(ByAge share) {
  const SetupTime prior{SetupTime::Prior{}};
  for (size_t bin = 0; bin < kAgeBins; ++bin) {
    share[bin] = std::min(share[bin], prior.Cdf(AgeBinStart(bin)));
  }
  return share;
}

// Drops come evenly over the time in which they count as early.
ByAge DroppedBy(Duration early) {
  ByAge share{};
  for (size_t bin = 0; bin < kAgeBins; ++bin) {
    share[bin] = std::min(1.0, Seconds(AgeBinStart(bin)) / Seconds(early));
  }
  return share;
}

}  // namespace

AttemptDetectors::AttemptDetectors(double allowed, double smallest_share,
                                   const ContributionOptions& contributions)
    : contributions_(contributions),
      severities_(SeverityLadder(smallest_share)),
      dropped_by_(DroppedBy(contributions.early)),
      tests_{Make(Detector::kWaitingOnNode, allowed, severities_),
             Make(Detector::kNeverActiveAlive, allowed, severities_),
             Make(Detector::kNeverActive, allowed, severities_),
             Make(Detector::kEarlyDrop, allowed, severities_),
             Make(Detector::kSlowSetup, allowed, severities_),
             Make(Detector::kFrozen, allowed, severities_),
             Make(Detector::kNoneActive, allowed, Splat(severities_[kSeverities - 1]))} {}

AttemptDetectors::Tables& AttemptDetectors::TablesFor(const Baseline& baseline, const Widening& widening) {
  for (Tables& t : tables_) {
    if (t.widening == widening) return t;
  }
  Tables& t = tables_[tables_made_++ % tables_.size()];
  t.widening = widening;
  t.setup =
      NoFasterThanPrior(Stretched(baseline.setup(), rule::kStretch * widening.surge * widening.slowdown));
  t.acknowledgement = Stretched(baseline.acknowledgement(), rule::kStretch * widening.surge);
  t.rate = {};
  return t;
}

Likelihood AttemptDetectors::Tabulate(const SequentialTest& t, double baseline_rate,
                                      const Tables& tables) const {
  switch (t.detector()) {
    case Detector::kEarlyDrop:
      return Likelihood::OfFailuresComing(baseline_rate, t.severities(), dropped_by_);
    case Detector::kFrozen:
      return Likelihood::OfSuccessesComing(baseline_rate, t.severities(), tables.acknowledgement);
    case Detector::kNeverActiveAlive:
    case Detector::kNeverActive:
    case Detector::kNoneActive:
      return Likelihood::OfSuccessesComing(baseline_rate, t.severities(), tables.setup);
    default:
      return Likelihood::OfConcluded(baseline_rate, t.severities());
  }
}

void AttemptDetectors::Tune(const Baseline& baseline, Time now, const Widening& widening, bool learned) {
  if (learned) {
    for (Tables& t : tables_) t.widening.surge = 0;
  }
  Tables& tables = TablesFor(baseline, widening);
  for (SequentialTest& t : tests_) {
    const size_t i = Index(t.detector());
    const double rate =
        std::min(rule::kMostBaseline, baseline.FailureRate(t.detector(), now) * widening.surge);
    if (rate != tables.rate[i]) tables.likelihood[i] = Tabulate(t, rate, tables);
    tables.rate[i] = rate;
    t.Tune(rate, tables.likelihood[i]);
  }
  const bool known = baseline.setups_learned() >= rule::kSetupsForP99;
  contributions_.slow = known ? std::max(rule::kNeverSlow, baseline.setup().Quantile(0.99)) : Duration::max();
}

void AttemptDetectors::SetRate(double per_second) {
  for (SequentialTest& t : tests_) t.SetRate(per_second);
}

bool AttemptDetectors::Commit(const AttemptRecord& r, Time now) {
  bool capped = false;
  for (const Detector d : kDetectorsByArrival) {
    const bool held = at(d).Commit(r, ContributionOf(d, r, now, contributions_));
    capped = capped || (held && d != Detector::kFrozen);
  }
  return capped;
}

void AttemptDetectors::CommitLate(const AttemptRecord& before, const AttemptRecord& r, Time now) {
  for (const Detector d : kDetectorsByArrival) {
    const Contribution c = ContributionOf(d, before, now, contributions_);
    if (c.kind == Contribution::Kind::kFailure) at(d).Retract(before, c);
  }
  Commit(r, now);
}

void AttemptDetectors::CommitDrop(const AttemptRecord& r, Time now) {
  at(Detector::kEarlyDrop).Commit(r, EarlyDropContribution(r, now, contributions_));
}

// The sum of everything against the node, regardless of order: cheap, because most attempts are active.
std::array<double, kDetectors> AttemptDetectors::Ceilings(const AttemptEvidence& evidence, Time now,
                                                          Time from) {
  std::array<double, kDetectors> most{};
  for (const SequentialTest& t : tests_) most[Index(t.detector())] = t.Ceiling();
  not_fast_.clear();
  const auto records = evidence.arrivals().records();
  for (size_t i = 0; i < records.size(); ++i) {
    const AttemptRecord& r = records[i];
    const bool fast = r.active != Time{} && r.active - r.start <= contributions_.slow;
    if (fast || r.start < from) continue;
    not_fast_.push_back(i);
    for (const Detector d : kDetectorsByArrival) {
      const Duration age = now - r.start;
      most[Index(d)] += std::max(0.0, test(d).MostOf(ContributionOf(d, r, now, contributions_), age));
    }
  }
  const double drop = test(Detector::kEarlyDrop).MostOf({Contribution::Kind::kFailure, 1}, Duration(0));
  most[Index(Detector::kEarlyDrop)] += drop * static_cast<double>(evidence.open_drops());
  return most;
}

void AttemptDetectors::Weigh(const AttemptEvidence& evidence, Time now, Time from, bool exactly) {
  const auto most = Ceilings(evidence, now, from);
  for (SequentialTest& t : tests_) {
    t.Weigh(most[Index(t.detector())], exactly,
            [&](bool with_summary) { AddPending(&t, evidence, now, from, with_summary); });
  }
}

void AttemptDetectors::AddPending(SequentialTest* t, const AttemptEvidence& evidence, Time now, Time from,
                                  bool with_summary) const {
  if (t->detector() == Detector::kEarlyDrop) {
    for (const AttemptRecord& r : evidence.actives().records()) {
      if (r.start < from) continue;
      t->AddPending(r, EarlyDropContribution(r, now, contributions_), now - r.start, with_summary);
    }
    return;
  }
  const auto records = evidence.arrivals().records();
  auto next = not_fast_.begin();
  for (size_t i = 0; i < records.size(); ++i) {
    if (t->IgnoresSuccesses()) {
      next = std::lower_bound(next, not_fast_.end(), i);
      if (next == not_fast_.end()) break;
      i = *next;
    }
    const AttemptRecord& r = records[i];
    if (r.start < from) continue;
    t->AddPending(r, ContributionOf(t->detector(), r, now, contributions_), now - r.start, with_summary);
  }
}

void AttemptDetectors::Reset() {
  for (SequentialTest& t : tests_) t.Reset();
}

bool AttemptDetectors::Fires(Detector d) const {
  if (!test(d).fired()) return false;
  const size_t usual = failure_runs_.Longest();
  return d != Detector::kNoneActive || usual == 0 || test(d).summary().failed() > usual + rule::kNewcomers;
}

}  // namespace candor
