// SPDX-License-Identifier: Apache-2.0
#include "verdict/media_detectors.h"

#include <algorithm>

namespace candor {
namespace {

// As DetectorBank's: stretched to stay on the slow side.
constexpr double kStretch = 1.2;
constexpr double kMostUsual = 0.98;

// A kind that more than two of five go without says little: who comes may swing by so much within minutes.
constexpr double kInformed = 0.4;
// The node owes what four of five senders usually get. Where more wait alone (the first of each meeting), a
// morning on which all do so is not the node's fault.
constexpr double kWaitingOn = 0.2;
// However usual a kind is, three of ten healthy newcomers in a row may do without: the first of their
// meetings, muted ones, listeners of one event. Measurements against less, five of them would be an alarm.
constexpr double kMayGoWithout = 0.3;
// What peers send, and what is there to be forwarded to them, is decided by room: all listeners of a lecture
// come at once and none of them speaks, or a room waits for its host and hears nothing. Measurements with
// rooms of up to thirty on a node where one in three is such a room: granting 30 %, 27 of 84 stories had an
// alarm.
constexpr double kHardlyAnyRoom = 0.1, kMayWaitInRooms = 0.45;
// Before a node is FAILING more is granted: one half where hardly anybody ever waits alone (an echo, a
// gateway), else three quarters, as when many meetings begin at nine. Measurements with 70 % alone for a
// quarter of an hour a day: granting 30 % raised an alarm on nearly each of ninety days.
constexpr double kSeldom = 0.03, kMayWait = 0.5, kMayWaitWhereUsual = 0.75;
// A good share: up to this usual share the stories from 40 % on are told, above only that of all. 40 % cannot
// be told from a swing of who comes where it is usual that many wait alone.
constexpr double kSwings = 0.1;
constexpr double kGoodShare = 0.4;
constexpr double kFewGoWithout = 0.05;

// What peers do not send may have changed for good: after so long it is learned.
constexpr Duration kPatience = std::chrono::hours(1);
// Nothing is harmed where nobody comes.
constexpr Duration kStale = std::chrono::minutes(5);

Float4 OfAll() { return Splat(SeverityLadder(0.97)[kSeverities - 1]); }

bool Prevents(Detector c) { return c == Detector::kNoRtpToSenders || c == Detector::kNoDataToSenders; }
bool OfShares(Detector c) { return c == Detector::kLessRtpToSenders || c == Detector::kLessDataToSenders; }
bool OfPeers(Detector c) { return c == Detector::kNoRtpIn || c == Detector::kNoDataIn; }

bool OfRooms(Detector c) { return OfPeers(c) || c == Detector::kNoRtpOut; }

MediaKind KindOf(Detector c) {
  switch (c) {
    case Detector::kNoDataToSenders:
    case Detector::kLessDataToSenders:
      return MediaKind::kDataToSenders;
    case Detector::kNoRtpOut:
      return MediaKind::kRtpOut;
    case Detector::kNoRtpIn:
      return MediaKind::kRtpIn;
    case Detector::kNoDataIn:
      return MediaKind::kDataIn;
    default:
      return MediaKind::kRtpToSenders;
  }
}

}  // namespace

// 0.015 each for the two that make a node FAILING, 0.01 each for the five that harm.
MediaDetectors::Row MediaDetectors::Make(Detector c, double allowed) {
  return {KindOf(c), SequentialTest(c, OfAll(), allowed * (Prevents(c) ? 0.015 : 0.01))};
}

MediaDetectors::MediaDetectors(double allowed, Duration horizon, size_t max_attempts)
    : watch_(horizon, max_attempts), rows_{Make(kAllMediaDetectors[0], allowed),
                                           Make(kAllMediaDetectors[1], allowed),
                                           Make(kAllMediaDetectors[2], allowed),
                                           Make(kAllMediaDetectors[3], allowed),
                                           Make(kAllMediaDetectors[4], allowed),
                                           Make(kAllMediaDetectors[5], allowed),
                                           Make(kAllMediaDetectors[6], allowed)} {}

void MediaDetectors::Tune(double widening) {
  std::array<ByAge, kMediaKinds> times{};
  for (size_t k = 0; k < kMediaKinds; ++k) {
    times[k] = Stretched(shape_.Times(static_cast<MediaKind>(k)), kStretch * widening);
  }
  for (Row& row : rows_) {
    const Detector c = row.test.detector();
    const double missing = shape_.Missing(row.kind);
    row.informed = missing <= (Prevents(c) ? kWaitingOn : OfRooms(c) ? kHardlyAnyRoom : kInformed);
    if (!row.informed) row.test.Reset();
    const bool shares = OfShares(c) && missing <= kSwings;
    const double alone = missing <= kSeldom ? kMayWait : kMayWaitWhereUsual;
    const double others = shares ? kFewGoWithout : OfRooms(c) ? kMayWaitInRooms : kMayGoWithout;
    const double least = Prevents(c) ? alone : others;
    const double usual = std::min(kMostUsual, std::max(missing, least) * widening);
    if (OfShares(c)) row.test.SetLadder(shares ? SeverityLadder(kGoodShare) : OfAll());
    row.test.Tune(usual, Likelihood::OfSuccessesComing(usual, row.test.ladder(), times[Index(row.kind)]));
  }
}

void MediaDetectors::SetRate(double per_second) {
  for (Row& row : rows_) row.test.SetRate(per_second);
}

void MediaDetectors::Conclude(const MediaRecord& r, Time now, Time from) {
  last_settled_ = std::max(last_settled_, r.attempt.start);
  shape_.Concluded();
  for (size_t k = 0; k < kMediaKinds; ++k) {
    const auto kind = static_cast<MediaKind>(k);
    const MediaContribution a = MediaContributionOf(kind, r, now);
    if (a.contribution.kind == Contribution::Kind::kNeutral) continue;
    shape_.Learn(kind, a.contribution.kind == Contribution::Kind::kSuccess, a.age);
  }
  if (r.offered < from) return;
  for (Row& row : rows_) {
    if (!row.informed) continue;
    const MediaContribution a = MediaContributionOf(row.kind, r, now);
    row.test.Commit(r.attempt, a.contribution, a.age);
  }
}

// The sum of all that speaks against the node, regardless of order, as in DetectorBank::Ceilings().
double MediaDetectors::Ceiling(const Row& row, Time now, Time from) const {
  double most = row.test.Ceiling();
  for (const MediaRecord& r : watch_.records()) {
    if (r.offered < from) continue;
    const MediaContribution a = MediaContributionOf(row.kind, r, now);
    if (a.contribution.kind == Contribution::Kind::kPending)
      most += std::max(0.0, row.test.MostOf(a.contribution, a.age));
  }
  return most;
}

void MediaDetectors::Weigh(Row* row, Time now, Time from, bool exactly) {
  if (!row->informed) return row->test.ClearProvisional();
  const double ceiling = Ceiling(*row, now, from);
  if (exactly && ceiling <= 0) {
    row->test.ClearProvisional();
  } else if (!exactly && ceiling < row->test.h() / 2) {
    row->test.SkipProvisional(ceiling);
  } else {
    Try(row, now, from, exactly);
    if (!exactly && row->test.Doubtful()) Try(row, now, from, true);
  }
}

void MediaDetectors::Try(Row* row, Time now, Time from, bool told) const {
  row->test.BeginProvisional();
  for (const MediaRecord& r : watch_.records()) {
    if (r.offered < from) continue;
    const MediaContribution a = MediaContributionOf(row->kind, r, now);
    row->test.Try(r.attempt, a.contribution, a.age, told);
  }
  row->test.EndProvisional();
}

void MediaDetectors::Hold(Row* row, Time now) {
  const SequentialTest& t = row->test;
  const bool before = row->harms;
  row->harms = t.z() >= t.h() || (before && t.z() >= t.h() / 2);
  if (row->harms && !before) row->harmed_since = now;
  const bool for_good = row->harms && OfPeers(t.detector()) && now - row->harmed_since > kPatience;
  if (t.Doubtful() && !for_good) shape_.Exclude(row->kind);
}

void MediaDetectors::Weigh(Time now, Time from, bool exactly) {
  if (last_settled_ != Time{} && now - last_settled_ > kStale && watch_.records().empty()) Reset();
  for (Row& row : rows_) {
    Weigh(&row, now, from, exactly);
    Hold(&row, now);
  }
}

void MediaDetectors::Reset() {
  for (Row& row : rows_) {
    row.test.Reset();
    row.harms = false;
  }
}

std::optional<Detector> MediaDetectors::alarm() const {
  for (const Row& row : rows_) {
    if (Prevents(row.test.detector()) && row.test.z() >= row.test.h()) return row.test.detector();
  }
  return std::nullopt;
}

std::optional<Detector> MediaDetectors::doubt() const {
  for (const Row& row : rows_) {
    if (Prevents(row.test.detector()) && row.test.z() >= row.test.h() / 2) return row.test.detector();
  }
  return std::nullopt;
}

std::optional<Detector> MediaDetectors::harm() const {
  for (const Row& row : rows_) {
    if (row.harms) return row.test.detector();
  }
  return std::nullopt;
}

void MediaDetectors::Show(Verdict* v) const {
  for (const Row& row : rows_) {
    const SequentialTest& t = row.test;
    if (!row.informed) continue;
    v->detectors.push_back(
        {std::string(Name(t.detector())), t.z(), t.h(), t.usual(), Prevents(t.detector())});
  }
}

void MediaDetectors::Relearn(const MediaBaseline::State& s, Duration age) {
  shape_.Import(s, age);
  Reset();
}

}  // namespace candor
