// SPDX-License-Identifier: Apache-2.0
#include "evidence/media_window.h"

#include <gtest/gtest.h>

#include <vector>

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time kBegin = Time(seconds(100));

AttemptRecord Active(uint64_t id, Time at) {
  AttemptRecord r;
  r.id = id;
  r.start = at - milliseconds(200);
  r.active = at;
  return r;
}

AttemptEvent Event(Kind kind, uint64_t id, Time at, uint8_t media) {
  AttemptEvent e;
  e.kind = kind;
  e.id = id;
  e.at = at;
  e.media = media;
  return e;
}

std::vector<MediaRecord> Concluded(MediaWindow* w, Time now) {
  std::vector<MediaRecord> out;
  w->Conclude(now, [&](const MediaRecord& r) { out.push_back(r); });
  return out;
}

TEST(MediaWindow, MediaBeforeBecomingActiveCountsAsImmediate) {
  MediaWindow w(seconds(10), 100);
  w.Add(Active(7, kBegin));
  w.Observe(Event(Kind::kActive, 7, kBegin, kRtpIn));
  w.Observe(Event(Kind::kMedia, 7, kBegin + milliseconds(300), kRtpIn | kRtpOut));
  w.Observe(Event(Kind::kMedia, 7, kBegin + seconds(2), kRtpIn | kRtpOut | kDataOut));
  ASSERT_TRUE(Concluded(&w, kBegin + milliseconds(9900)).empty());
  const auto concluded = Concluded(&w, kBegin + seconds(10));
  ASSERT_EQ(concluded.size(), 1u);
  EXPECT_EQ(FirstSeen(concluded[0], kRtpIn), kBegin);
  EXPECT_EQ(FirstSeen(concluded[0], kRtpOut), kBegin + milliseconds(300));
  EXPECT_EQ(FirstSeen(concluded[0], kDataIn), Time{});
  EXPECT_TRUE(w.records().empty());
}

TEST(MediaWindow, RtpToSendersIsExpectedFromThePeersFirstRtpOn) {
  MediaWindow w(seconds(10), 100);
  w.Add(Active(7, kBegin));
  const MediaRecord& r = w.records().front();
  const auto waiting_on = [&](Duration after) {
    return MediaContributionOf(MediaKind::kRtpToSenders, r, kBegin + after);
  };
  EXPECT_EQ(waiting_on(seconds(3)).contribution.kind, Contribution::Kind::kNeutral);
  w.Observe(Event(Kind::kMedia, 7, kBegin + seconds(4), kRtpIn));
  EXPECT_EQ(waiting_on(seconds(5)).contribution.kind, Contribution::Kind::kPending);
  EXPECT_EQ(waiting_on(seconds(5)).age, seconds(1));
  EXPECT_EQ(MediaContributionOf(MediaKind::kRtpOut, r, kBegin + seconds(5)).age, seconds(5));
  w.Observe(Event(Kind::kMedia, 7, kBegin + seconds(6), kRtpIn | kRtpOut));
  EXPECT_EQ(waiting_on(seconds(9)).contribution.kind, Contribution::Kind::kSuccess);
  EXPECT_EQ(waiting_on(seconds(9)).age, seconds(2)) << "until it came";
}

TEST(MediaWindow, AnAttemptThatEndsHasWaitedUntilThenAndAReplacedOneIsNoEvidence) {
  MediaWindow w(seconds(10), 100);
  w.Add(Active(7, kBegin));
  w.Add(Active(8, kBegin));
  w.Observe(Event(Kind::kClosed, 7, kBegin + seconds(3), 0));
  AttemptEvent replaced = Event(Kind::kClosed, 8, kBegin + seconds(3), 0);
  replaced.outcome = Outcome::kReplaced;
  w.Observe(replaced);
  w.Observe(Event(Kind::kMedia, 7, kBegin + seconds(4), kRtpOut));
  const auto concluded = Concluded(&w, kBegin + seconds(5));
  ASSERT_EQ(concluded.size(), 2u);
  const MediaContribution left = MediaContributionOf(MediaKind::kRtpOut, concluded[0], kBegin + seconds(5));
  EXPECT_EQ(left.contribution.kind, Contribution::Kind::kPending);
  EXPECT_EQ(left.age, seconds(3));
  EXPECT_EQ(MediaContributionOf(MediaKind::kRtpOut, concluded[1], kBegin + seconds(5)).contribution.kind,
            Contribution::Kind::kNeutral);
}

TEST(MediaWindow, TheOrderWithinAnInstantDoesNotMatterAndTheBoundHolds) {
  MediaWindow w(seconds(10), 3);
  w.Add(Active(9, kBegin + seconds(1)));
  w.Add(Active(7, kBegin + seconds(1)));
  w.Add(Active(8, kBegin));
  w.Add(Active(6, kBegin + seconds(2)));  // one too many
  w.Add(Active(8, kBegin));               // known
  std::vector<uint64_t> order;
  for (const MediaRecord& r : w.records()) order.push_back(r.attempt.id);
  EXPECT_EQ(order, (std::vector<uint64_t>{8, 7, 9}));
  w.Observe(Event(Kind::kMedia, 6, kBegin + seconds(3), kRtpIn));
  w.Observe(Event(Kind::kMedia, 9, kBegin + seconds(3), kRtpIn));
  EXPECT_EQ(FirstSeen(w.records().back(), kRtpIn), kBegin + seconds(3));
}

}  // namespace
}  // namespace candor
