// SPDX-License-Identifier: Apache-2.0
#include "verdict/detector_bank.h"

#include <algorithm>

#include "verdict/media_detectors.h"
#include "verdict/setup_shift_detector.h"

namespace candor {
namespace {

// Stretched to stay on the slow side.
constexpr double kStretch = 1.2;
// However many come at once: beyond this a share would no longer be a usual one.
constexpr double kMostUsual = 0.3;
// Below so many setups the 99th percentile is the prior's, not the node's.
constexpr double kSetupsToKnow = 200;

// How the allowance of knob 1 is shared, in the order of Detector; adds up to 1 with what is left to the
// detectors that are judged elsewhere.
constexpr std::array<double, kDetectors> kAllowance = {0.09, 0.09, 0.12, 0.09, 0.07, 0.14, 0.27};
constexpr double kSocketEvidence = 0.02;  // socket_detectors.h
constexpr double Total() {
  double sum = kSocketEvidence + MediaDetectors::kAllowance + SetupShiftDetector::kAllowance;
  for (const double part : kAllowance) sum += part;
  return sum;
}
static_assert(Total() > 0.9999 && Total() < 1.0001);

SequentialTest Make(Detector c, double allowed, Float4 ladder) {
  return SequentialTest(c, ladder, allowed * kAllowance[Index(c)]);
}

// However fast a node usually is: an attempt that takes a second is slow there, not lost. Without this a
// node whose setups rise from 28 ms to 1.1 s fails by its pending ones before the first of them has come up.
ByAge NoSoonerThanAnywhere(ByAge share) {
  const SetupTime anywhere{SetupTime::Prior{}};
  for (size_t bin = 0; bin < kAgeBins; ++bin) {
    share[bin] = std::min(share[bin], anywhere.Cdf(AgeBinStart(bin)));
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

DetectorBank::DetectorBank(double allowed, double smallest_share, const ContributionOptions& contributions)
    : contributions_(contributions),
      ladder_(SeverityLadder(smallest_share)),
      dropped_by_(DroppedBy(contributions.early)),
      tests_{Make(Detector::kWaitingOnNode, allowed, ladder_),
             Make(Detector::kNeverActiveAlive, allowed, ladder_),
             Make(Detector::kNeverActive, allowed, ladder_),
             Make(Detector::kEarlyDrop, allowed, ladder_),
             Make(Detector::kSlowSetup, allowed, ladder_),
             Make(Detector::kFrozen, allowed, ladder_),
             Make(Detector::kNoneActive, allowed, Splat(ladder_[kSeverities - 1]))} {}

void DetectorBank::Tune(const Baseline& baseline, Time now, double widening, double slowdown) {
  for (Tables& t : tables_) t.widening = 0;
  Widen(baseline, now, widening, slowdown);
}

DetectorBank::Tables& DetectorBank::TablesFor(const Baseline& baseline, double widening, double slowdown) {
  for (Tables& t : tables_) {
    if (t.widening == widening && t.slowdown == slowdown) return t;
  }
  Tables& t = tables_[tables_made_++ % tables_.size()];
  t.widening = widening;
  t.slowdown = slowdown;
  t.setup = NoSoonerThanAnywhere(Stretched(baseline.setup(), kStretch * widening * slowdown));
  t.acknowledgement = Stretched(baseline.acknowledgement(), kStretch * widening);
  t.usual = {};
  return t;
}

Likelihood DetectorBank::Tabulate(const SequentialTest& t, double usual, const Tables& tables) const {
  switch (t.detector()) {
    case Detector::kWaitingOnNode:
    case Detector::kSlowSetup:
      break;
    case Detector::kEarlyDrop:
      return Likelihood::OfFailuresComing(usual, t.ladder(), dropped_by_);
    case Detector::kFrozen:
      return Likelihood::OfSuccessesComing(usual, t.ladder(), tables.acknowledgement);
    case Detector::kNeverActiveAlive:
    case Detector::kNeverActive:
    case Detector::kNoneActive:
      return Likelihood::OfSuccessesComing(usual, t.ladder(), tables.setup);
    default:
      break;  // judged elsewhere
  }
  return Likelihood::OfSettled(usual, t.ladder());
}

void DetectorBank::Widen(const Baseline& baseline, Time now, double widening, double slowdown) {
  Tables& tables = TablesFor(baseline, widening, slowdown);
  for (SequentialTest& t : tests_) {
    const size_t i = Index(t.detector());
    const double usual = std::min(kMostUsual, baseline.FailureRate(t.detector(), now) * widening);
    if (usual != tables.usual[i]) tables.likelihood[i] = Tabulate(t, usual, tables);
    tables.usual[i] = usual;
    t.Tune(usual, tables.likelihood[i]);
  }
  // A healthy setup may take 1.1 s; below that nobody waits.
  constexpr Duration kNeverSlow = std::chrono::milliseconds(1500);
  const bool known = baseline.setups_learned() >= kSetupsToKnow;
  contributions_.slow = known ? std::max(kNeverSlow, baseline.setup().Quantile(0.99)) : Duration::max();
}

void DetectorBank::SetRate(double per_second) {
  for (SequentialTest& t : tests_) t.SetRate(per_second);
}

bool DetectorBank::Commit(const AttemptRecord& r, Time now) {
  bool capped = false;
  for (const Detector c : kDetectorsByArrival) {
    const bool held = at(c).Commit(r, ContributionOf(c, r, now, contributions_));
    capped = capped || (held && c != Detector::kFrozen);
  }
  return capped;
}

void DetectorBank::CommitLate(const AttemptRecord& before, const AttemptRecord& r, Time now) {
  for (const Detector c : kDetectorsByArrival) {
    const Contribution s = ContributionOf(c, before, now, contributions_);
    if (s.kind == Contribution::Kind::kFailure) at(c).TakeBack(before, s);
  }
  Commit(r, now);
}

void DetectorBank::CommitDrop(const AttemptRecord& r, Time now) {
  at(Detector::kEarlyDrop).Commit(r, EarlyDropContribution(r, now, contributions_));
}

// The sum of all that speaks against the node, regardless of order: cheap, for most attempts are active.
std::array<double, kDetectors> DetectorBank::Ceilings(const AttemptEvidence& evidence, Time now, Time from) {
  std::array<double, kDetectors> most{};
  for (const SequentialTest& t : tests_) most[Index(t.detector())] = t.Ceiling();
  telling_.clear();
  const auto records = evidence.arrivals().records();
  for (size_t i = 0; i < records.size(); ++i) {
    const AttemptRecord& r = records[i];
    const bool fast = r.active != Time{} && r.active - r.start <= contributions_.slow;
    if (fast || r.start < from) continue;
    telling_.push_back(i);
    for (const Detector c : kDetectorsByArrival) {
      const Duration age = now - r.start;
      most[Index(c)] += std::max(0.0, test(c).MostOf(ContributionOf(c, r, now, contributions_), age));
    }
  }
  const double drop = test(Detector::kEarlyDrop).MostOf({Contribution::Kind::kFailure, 1}, Duration(0));
  most[Index(Detector::kEarlyDrop)] += drop * static_cast<double>(evidence.open_drops());
  return most;
}

void DetectorBank::Weigh(const AttemptEvidence& evidence, Time now, Time from, bool exactly) {
  const auto most = Ceilings(evidence, now, from);
  for (SequentialTest& t : tests_) {
    const double ceiling = most[Index(t.detector())];
    if (exactly && ceiling <= 0) {
      t.ClearProvisional();
    } else if (!exactly && ceiling < t.h() / 2) {
      t.SkipProvisional(ceiling);
    } else {
      Try(&t, evidence, now, from, exactly);
      if (!exactly && t.Doubtful()) Try(&t, evidence, now, from, true);
    }
  }
}

void DetectorBank::Try(SequentialTest* t, const AttemptEvidence& evidence, Time now, Time from,
                       bool told) const {
  if (t->detector() == Detector::kEarlyDrop) return TryDrops(t, evidence, now, from, told);
  t->BeginProvisional();
  const auto records = evidence.arrivals().records();
  auto telling = telling_.begin();
  for (size_t i = 0; i < records.size(); ++i) {
    if (t->ProvisionalRests()) {
      telling = std::lower_bound(telling, telling_.end(), i);
      if (telling == telling_.end()) break;
      i = *telling;
    }
    const AttemptRecord& r = records[i];
    if (r.start >= from)
      t->Try(r, ContributionOf(t->detector(), r, now, contributions_), now - r.start, told);
  }
  t->EndProvisional();
}

void DetectorBank::TryDrops(SequentialTest* t, const AttemptEvidence& evidence, Time now, Time from,
                            bool told) const {
  t->BeginProvisional();
  for (const AttemptRecord& r : evidence.actives().records()) {
    if (r.start >= from) t->Try(r, EarlyDropContribution(r, now, contributions_), now - r.start, told);
  }
  t->EndProvisional();
}

void DetectorBank::Reset() {
  for (SequentialTest& t : tests_) t.Reset();
}

}  // namespace candor
