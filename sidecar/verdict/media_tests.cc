// SPDX-License-Identifier: Apache-2.0
#include "verdict/media_tests.h"

#include <algorithm>

namespace candor {
namespace {

// As Panel's: stretched to stay on the slow side.
constexpr double kStretch = 1.2;
constexpr double kMostUsual = 0.98;

// A kind that more than two of five go without says little: who comes may swing by so much within minutes.
constexpr double kInformed = 0.4;
// The node owes what four of five senders usually get. Where more wait alone (the first of each meeting), a
// morning on which all do so is not the node's fault.
constexpr double kOwed = 0.2;
// However usual a kind is, three of ten healthy newcomers in a row may do without: the first of their
// meetings, muted ones, listeners of one event. Measured against less, five of them would be an alarm.
constexpr double kMayGoWithout = 0.3;
// What peers send, and what is there to be forwarded to them, is decided by room: all listeners of a lecture
// come at once and none of them speaks, or a room waits for its host and hears nothing. Measured with rooms
// of up to thirty on a node where one in three is such a room: granting 30 %, 27 of 84 stories had an alarm.
constexpr double kHardlyAnyRoom = 0.1, kMayWaitInRooms = 0.45;
// Before a node is FAILING more is granted: one half where hardly anybody ever waits alone (an echo, a
// gateway), else three quarters, as when many meetings begin at nine. Measured with 70 % alone for a quarter
// of an hour a day: granting 30 % raised an alarm on nearly each of ninety days.
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

Four OfAll() { return Splat(SeverityLadder(0.97)[kSeverities - 1]); }

bool Prevents(Channel c) { return c == Channel::kNoRtpToSenders || c == Channel::kNoDataToSenders; }
bool OfShares(Channel c) { return c == Channel::kLessRtpToSenders || c == Channel::kLessDataToSenders; }
bool OfPeers(Channel c) { return c == Channel::kNoRtpIn || c == Channel::kNoDataIn; }

bool OfRooms(Channel c) { return OfPeers(c) || c == Channel::kNoRtpOut; }

MediaKind KindOf(Channel c) {
  switch (c) {
    case Channel::kNoDataToSenders:
    case Channel::kLessDataToSenders:
      return MediaKind::kDataToSenders;
    case Channel::kNoRtpOut:
      return MediaKind::kRtpOut;
    case Channel::kNoRtpIn:
      return MediaKind::kRtpIn;
    case Channel::kNoDataIn:
      return MediaKind::kDataIn;
    default:
      return MediaKind::kRtpToSenders;
  }
}

}  // namespace

// 0.015 each for the two that make a node FAILING, 0.01 each for the five that harm.
MediaTests::Row MediaTests::Make(Channel c, double allowed) {
  return {KindOf(c), ChannelTest(c, OfAll(), allowed * (Prevents(c) ? 0.015 : 0.01))};
}

MediaTests::MediaTests(double allowed, Duration horizon, size_t max_attempts)
    : watch_(horizon, max_attempts), rows_{Make(kAllMediaChannels[0], allowed),
                                           Make(kAllMediaChannels[1], allowed),
                                           Make(kAllMediaChannels[2], allowed),
                                           Make(kAllMediaChannels[3], allowed),
                                           Make(kAllMediaChannels[4], allowed),
                                           Make(kAllMediaChannels[5], allowed),
                                           Make(kAllMediaChannels[6], allowed)} {}

void MediaTests::Tune(double widening) {
  std::array<ByAge, kMediaKinds> times{};
  for (size_t k = 0; k < kMediaKinds; ++k) {
    times[k] = Stretched(shape_.Times(static_cast<MediaKind>(k)), kStretch * widening);
  }
  for (Row& row : rows_) {
    const Channel c = row.test.channel();
    const double missing = shape_.Missing(row.kind);
    row.informed = missing <= (Prevents(c) ? kOwed : OfRooms(c) ? kHardlyAnyRoom : kInformed);
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

void MediaTests::SetRate(double per_second) {
  for (Row& row : rows_) row.test.SetRate(per_second);
}

void MediaTests::Settle(const MediaRecord& r, Time now, Time from) {
  last_settled_ = std::max(last_settled_, r.attempt.start);
  shape_.Settled();
  for (size_t k = 0; k < kMediaKinds; ++k) {
    const auto kind = static_cast<MediaKind>(k);
    const MediaAnswer a = AnswerOf(kind, r, now);
    if (a.stance.kind == Stance::Kind::kSilent) continue;
    shape_.Learn(kind, a.stance.kind == Stance::Kind::kForNode, a.age);
  }
  if (r.offered < from) return;
  for (Row& row : rows_) {
    if (!row.informed) continue;
    const MediaAnswer a = AnswerOf(row.kind, r, now);
    row.test.Commit(r.attempt, a.stance, a.age);
  }
}

// The sum of all that speaks against the node, regardless of order, as in Panel::Ceilings().
double MediaTests::Ceiling(const Row& row, Time now, Time from) const {
  double most = row.test.Ceiling();
  for (const MediaRecord& r : watch_.records()) {
    if (r.offered < from) continue;
    const MediaAnswer a = AnswerOf(row.kind, r, now);
    if (a.stance.kind == Stance::Kind::kPending) most += std::max(0.0, row.test.MostOf(a.stance, a.age));
  }
  return most;
}

void MediaTests::Weigh(Row* row, Time now, Time from, bool exactly) {
  if (!row->informed) return row->test.NothingToTry();
  const double ceiling = Ceiling(*row, now, from);
  if (exactly && ceiling <= 0) {
    row->test.NothingToTry();
  } else if (!exactly && ceiling < row->test.h() / 2) {
    row->test.SkipTrial(ceiling);
  } else {
    Try(row, now, from, exactly);
    if (!exactly && row->test.Doubtful()) Try(row, now, from, true);
  }
}

void MediaTests::Try(Row* row, Time now, Time from, bool told) const {
  row->test.BeginTrial();
  for (const MediaRecord& r : watch_.records()) {
    if (r.offered < from) continue;
    const MediaAnswer a = AnswerOf(row->kind, r, now);
    row->test.Try(r.attempt, a.stance, a.age, told);
  }
  row->test.EndTrial();
}

void MediaTests::Hold(Row* row, Time now) {
  const ChannelTest& t = row->test;
  const bool before = row->harms;
  row->harms = t.z() >= t.h() || (before && t.z() >= t.h() / 2);
  if (row->harms && !before) row->harmed_since = now;
  const bool for_good = row->harms && OfPeers(t.channel()) && now - row->harmed_since > kPatience;
  if (t.Doubtful() && !for_good) shape_.Doubt(row->kind);
}

void MediaTests::Weigh(Time now, Time from, bool exactly) {
  if (last_settled_ != Time{} && now - last_settled_ > kStale && watch_.records().empty()) Reset();
  for (Row& row : rows_) {
    Weigh(&row, now, from, exactly);
    Hold(&row, now);
  }
}

void MediaTests::Reset() {
  for (Row& row : rows_) {
    row.test.Reset();
    row.harms = false;
  }
}

std::optional<Channel> MediaTests::alarm() const {
  for (const Row& row : rows_) {
    if (Prevents(row.test.channel()) && row.test.z() >= row.test.h()) return row.test.channel();
  }
  return std::nullopt;
}

std::optional<Channel> MediaTests::doubt() const {
  for (const Row& row : rows_) {
    if (Prevents(row.test.channel()) && row.test.z() >= row.test.h() / 2) return row.test.channel();
  }
  return std::nullopt;
}

std::optional<Channel> MediaTests::harm() const {
  for (const Row& row : rows_) {
    if (row.harms) return row.test.channel();
  }
  return std::nullopt;
}

void MediaTests::Show(Verdict* v) const {
  for (const Row& row : rows_) {
    const ChannelTest& t = row.test;
    if (!row.informed) continue;
    v->channels.push_back({std::string(Name(t.channel())), t.z(), t.h(), t.usual(), Prevents(t.channel())});
  }
}

void MediaTests::Relearn(const MediaShape::State& s, Duration age) {
  shape_.Import(s, age);
  Reset();
}

}  // namespace candor
