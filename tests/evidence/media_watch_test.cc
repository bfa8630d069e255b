// SPDX-License-Identifier: Apache-2.0
#include "evidence/media_watch.h"

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

std::vector<MediaRecord> Settled(MediaWatch* w, Time now) {
  std::vector<MediaRecord> out;
  w->Settle(now, [&](const MediaRecord& r) { out.push_back(r); });
  return out;
}

TEST(MediaWatch, WhatCameBeforeBecomingActiveCameAtOnceAndTheRestWhenItWasTold) {
  MediaWatch w(seconds(10), 100);
  w.Began(Active(7, kBegin));
  w.Observe(Event(Kind::kActive, 7, kBegin, kRtpIn));
  w.Observe(Event(Kind::kMedia, 7, kBegin + milliseconds(300), kRtpIn | kRtpOut));
  w.Observe(Event(Kind::kMedia, 7, kBegin + seconds(2), kRtpIn | kRtpOut | kDataOut));
  ASSERT_TRUE(Settled(&w, kBegin + milliseconds(9900)).empty());
  const auto settled = Settled(&w, kBegin + seconds(10));
  ASSERT_EQ(settled.size(), 1u);
  EXPECT_EQ(Came(settled[0], kRtpIn), kBegin);
  EXPECT_EQ(Came(settled[0], kRtpOut), kBegin + milliseconds(300));
  EXPECT_EQ(Came(settled[0], kDataIn), Time{});
  EXPECT_TRUE(w.records().empty());
}

TEST(MediaWatch, ANodeOwesRtpToAPeerOnlyFromThePeersOwnOn) {
  MediaWatch w(seconds(10), 100);
  w.Began(Active(7, kBegin));
  const MediaRecord& r = w.records().front();
  const auto owed = [&](Duration after) { return AnswerOf(MediaKind::kRtpToSenders, r, kBegin + after); };
  EXPECT_EQ(owed(seconds(3)).stance.kind, Stance::Kind::kSilent);
  w.Observe(Event(Kind::kMedia, 7, kBegin + seconds(4), kRtpIn));
  EXPECT_EQ(owed(seconds(5)).stance.kind, Stance::Kind::kPending);
  EXPECT_EQ(owed(seconds(5)).age, seconds(1));
  EXPECT_EQ(AnswerOf(MediaKind::kRtpOut, r, kBegin + seconds(5)).age, seconds(5));
  w.Observe(Event(Kind::kMedia, 7, kBegin + seconds(6), kRtpIn | kRtpOut));
  EXPECT_EQ(owed(seconds(9)).stance.kind, Stance::Kind::kForNode);
  EXPECT_EQ(owed(seconds(9)).age, seconds(2)) << "until it came";
}

TEST(MediaWatch, WhoeverLeavesHasWaitedUntilThenAndWhoWasReplacedSaysNothing) {
  MediaWatch w(seconds(10), 100);
  w.Began(Active(7, kBegin));
  w.Began(Active(8, kBegin));
  w.Observe(Event(Kind::kClosed, 7, kBegin + seconds(3), 0));
  AttemptEvent replaced = Event(Kind::kClosed, 8, kBegin + seconds(3), 0);
  replaced.outcome = Outcome::kReplaced;
  w.Observe(replaced);
  w.Observe(Event(Kind::kMedia, 7, kBegin + seconds(4), kRtpOut));
  const auto settled = Settled(&w, kBegin + seconds(5));
  ASSERT_EQ(settled.size(), 2u);
  const MediaAnswer left = AnswerOf(MediaKind::kRtpOut, settled[0], kBegin + seconds(5));
  EXPECT_EQ(left.stance.kind, Stance::Kind::kPending);
  EXPECT_EQ(left.age, seconds(3));
  EXPECT_EQ(AnswerOf(MediaKind::kRtpOut, settled[1], kBegin + seconds(5)).stance.kind, Stance::Kind::kSilent);
}

TEST(MediaWatch, TheOrderWithinAnInstantDoesNotMatterAndTheBoundHolds) {
  MediaWatch w(seconds(10), 3);
  w.Began(Active(9, kBegin + seconds(1)));
  w.Began(Active(7, kBegin + seconds(1)));
  w.Began(Active(8, kBegin));
  w.Began(Active(6, kBegin + seconds(2)));  // one too many
  w.Began(Active(8, kBegin));               // known
  std::vector<uint64_t> order;
  for (const MediaRecord& r : w.records()) order.push_back(r.attempt.id);
  EXPECT_EQ(order, (std::vector<uint64_t>{8, 7, 9}));
  w.Observe(Event(Kind::kMedia, 6, kBegin + seconds(3), kRtpIn));
  w.Observe(Event(Kind::kMedia, 9, kBegin + seconds(3), kRtpIn));
  EXPECT_EQ(Came(w.records().back(), kRtpIn), kBegin + seconds(3));
}

}  // namespace
}  // namespace candor
