// SPDX-License-Identifier: Apache-2.0
#include "verdict/media_detectors.h"

#include <algorithm>

namespace candor {
namespace {

Float4 LargestOnly() { return Splat(static_cast<float>(rule::kLargestSeverity)); }

// The others harm only.
bool Prevents(Detector d) { return d == Detector::kNoRtpToSenders || d == Detector::kNoDataToSenders; }
bool TestsShares(Detector d) { return d == Detector::kLessRtpToSenders || d == Detector::kLessDataToSenders; }
bool SentByPeers(Detector d) { return d == Detector::kNoRtpIn || d == Detector::kNoDataIn; }
bool DecidedByMeeting(Detector d) { return SentByPeers(d) || d == Detector::kNoRtpOut; }

// In the order of kAllMediaDetectors.
constexpr std::array<MediaKind, kMediaDetectors> kKinds = {
    MediaKind::kRtpToSenders, MediaKind::kDataToSenders, MediaKind::kRtpToSenders, MediaKind::kDataToSenders,
    MediaKind::kRtpOut,       MediaKind::kRtpIn,         MediaKind::kDataIn};

// Above this baseline share without the kind the detector is not judged.
double MostMissing(Detector d) {
  if (Prevents(d)) return rule::kInformativeToSenders;
  return DecidedByMeeting(d) ? rule::kInformativeByMeeting : rule::kInformative;
}

}  // namespace

MediaDetectors::Row MediaDetectors::Make(Detector d, double allowed) {
  const double part = Prevents(d) ? rule::kPreventingMediaBudget : rule::kHarmingMediaBudget;
  return {kKinds[At(d)], SequentialTest(d, LargestOnly(), allowed * part)};
}

MediaDetectors::MediaDetectors(double allowed, Duration horizon, size_t max_attempts, Role role)
    : role_(role), window_(horizon, max_attempts), rows_{Make(kAllMediaDetectors[0], allowed),
                                                         Make(kAllMediaDetectors[1], allowed),
                                                         Make(kAllMediaDetectors[2], allowed),
                                                         Make(kAllMediaDetectors[3], allowed),
                                                         Make(kAllMediaDetectors[4], allowed),
                                                         Make(kAllMediaDetectors[5], allowed),
                                                         Make(kAllMediaDetectors[6], allowed)} {}

void MediaDetectors::Tune(double surge) {
  std::array<ByAge, kMediaKinds> times{};
  for (size_t k = 0; k < kMediaKinds; ++k) {
    times[k] = Stretched(baseline_.Times(static_cast<MediaKind>(k)), rule::kStretch * surge);
  }
  for (Row& row : rows_) {
    const Detector d = row.test.detector();
    const double missing = baseline_.Missing(row.kind);
    row.judged = missing <= MostMissing(d) && (role_ != Role::kRecorder || SentByPeers(d));
    if (!row.judged) row.test.Reset();
    const bool shares = TestsShares(d) && missing <= rule::kSwings;
    double least = missing <= rule::kRarelyAlone ? rule::kLeastFailing : rule::kLeastFailingWhereAlone;
    if (!Prevents(d)) least = DecidedByMeeting(d) ? rule::kLeastMissingByMeeting : rule::kLeastMissing;
    if (shares) least = rule::kLeastMissingOfShares;
    const double rate = std::min(rule::kMostMissing, std::max(missing, least) * surge);
    if (TestsShares(d)) row.test.SetSeverities(shares ? SeverityLadder(rule::kLeastLost) : LargestOnly());
    row.test.Tune(rate, Likelihood::OfSuccessesComing(rate, row.test.severities(), times[Index(row.kind)]));
  }
}

void MediaDetectors::SetRate(double per_second) {
  for (Row& row : rows_) row.test.SetRate(per_second);
}

void MediaDetectors::Conclude(const MediaRecord& r, Time now, Time from) {
  last_concluded_ = std::max(last_concluded_, r.attempt.start);
  baseline_.Concluded();
  for (size_t k = 0; k < kMediaKinds; ++k) {
    const auto kind = static_cast<MediaKind>(k);
    const MediaContribution c = MediaContributionOf(kind, r, now);
    if (c.contribution.kind == Contribution::Kind::kNeutral) continue;
    baseline_.Learn(kind, c.contribution.kind == Contribution::Kind::kSuccess, c.age);
  }
  if (r.offered < from) return;
  for (Row& row : rows_) {
    if (!row.judged) continue;
    const MediaContribution c = MediaContributionOf(row.kind, r, now);
    row.test.Commit(r.attempt, c.contribution, c.age);
  }
}

// The sum of everything against the node, regardless of order.
double MediaDetectors::Ceiling(const Row& row, Time now, Time from) const {
  double most = row.test.Ceiling();
  for (const MediaRecord& r : window_.records()) {
    if (r.offered < from) continue;
    const MediaContribution c = MediaContributionOf(row.kind, r, now);
    if (c.contribution.kind == Contribution::Kind::kPending)
      most += std::max(0.0, row.test.MostOf(c.contribution, c.age));
  }
  return most;
}

void MediaDetectors::AddPending(Row* row, Time now, Time from, bool with_summary) const {
  for (const MediaRecord& r : window_.records()) {
    if (r.offered < from) continue;
    const MediaContribution c = MediaContributionOf(row->kind, r, now);
    row->test.AddPending(r.attempt, c.contribution, c.age, with_summary);
  }
}

void MediaDetectors::UpdateHarm(Row* row, Time now) {
  const SequentialTest& t = row->test;
  const bool before{row->harms};
  row->harms.Update(t.fired(), !t.in_doubt());
  if (row->harms && !before) row->harmed_since = now;
  const bool changed_for_good =
      row->harms && SentByPeers(t.detector()) && now - row->harmed_since > rule::kPeersChanged;
  if (t.Doubtful() && !changed_for_good) baseline_.Exclude(row->kind);
}

void MediaDetectors::Weigh(Time now, Time from, bool exactly) {
  const bool stale = last_concluded_ != Time{} && now - last_concluded_ > rule::kMediaStale;
  if (stale && window_.records().empty()) Reset();
  for (Row& row : rows_) {
    if (!row.judged) {
      row.test.Clear();
    } else {
      row.test.Weigh(Ceiling(row, now, from), exactly,
                     [&](bool with_summary) { AddPending(&row, now, from, with_summary); });
    }
    UpdateHarm(&row, now);
  }
}

void MediaDetectors::Reset() {
  for (Row& row : rows_) {
    row.test.Reset();
    row.harms.Reset();
  }
}

template <class Is>
std::optional<Detector> MediaDetectors::First(Is is) const {
  for (const Row& row : rows_) {
    if (is(row)) return row.test.detector();
  }
  return std::nullopt;
}

std::optional<Detector> MediaDetectors::alarm() const {
  return First([](const Row& r) { return Prevents(r.test.detector()) && r.test.fired(); });
}

std::optional<Detector> MediaDetectors::doubt() const {
  return First([](const Row& r) { return Prevents(r.test.detector()) && r.test.in_doubt(); });
}

std::optional<Detector> MediaDetectors::harm(bool few_networks) const {
  if (const auto d = First([](const Row& r) { return bool{r.harms}; })) return d;
  return First([&](const Row& r) { return few_networks && r.test.held_back(); });
}

void MediaDetectors::Show(Verdict* v) const {
  for (const Row& row : rows_) {
    if (row.judged) v->detectors.push_back(StatusOf(row.test, Prevents(row.test.detector())));
  }
}

void MediaDetectors::Relearn(const MediaBaseline::State& s, Duration age) {
  baseline_.Import(s, age);
  Reset();
}

}  // namespace candor
