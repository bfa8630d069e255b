// SPDX-License-Identifier: Apache-2.0
#include "evidence/refusals.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

Time S(double s) { return Time(FromSeconds(s)); }

// `n` refusals, `gap` seconds apart, from `networks` networks in turn.
void Refuse(Refusals* r, int n, double gap, uint8_t networks, bool trusted = false) {
  for (int i = 0; i < n; ++i) {
    r->Advance(S(1 + i * gap), true);
    r->Count({static_cast<uint8_t>(i % networks), trusted}, S(1 + i * gap));
  }
}

TEST(Refusals, TakeThePlaceOfAcknowledgementsThatUsedToComeAsOften) {
  Refusals r;
  Refuse(&r, 12, 1, 12);
  EXPECT_TRUE(r.ReplaceAcknowledged(1, 12));
  EXPECT_EQ(r.count(), 12u);
  EXPECT_EQ(r.networks(), 12);
}

TEST(Refusals, FewRefusalsDoNotReplaceManyClients) {
  Refusals few, rare, one;
  Refuse(&few, 5, 1, 5);
  EXPECT_FALSE(few.ReplaceAcknowledged(1, 12)) << "too few";
  Refuse(&rare, 30, 30, 12);
  EXPECT_FALSE(rare.ReplaceAcknowledged(1, 12))
      << "one in thirty seconds, where one a second was acknowledged";
  Refuse(&one, 30, 1, 1);
  EXPECT_FALSE(one.ReplaceAcknowledged(1, 12)) << "one network, where twelve were acknowledged";
}

TEST(Refusals, OneNetworkIsEnoughWhereThereIsNoOtherOrItIsTrusted) {
  Refusals r, trusted;
  Refuse(&r, 12, 1, 1);
  EXPECT_TRUE(r.ReplaceAcknowledged(1, 1));
  Refuse(&trusted, 12, 1, 1, true);
  EXPECT_TRUE(trusted.ReplaceAcknowledged(1, 12));
}

TEST(Refusals, OfThoseWhoCameBeforeAcknowledgementsFellDoNotCount) {
  Refusals r;
  r.Advance(S(100), false);
  r.Advance(S(101), true);
  for (uint8_t i = 0; i < 20; ++i) r.Count({i, false}, S(80 + i));  // final only now
  EXPECT_EQ(r.count(), 0u);
  for (uint8_t i = 0; i < 20; ++i) r.Count({i, false}, S(101 + i));
  EXPECT_EQ(r.count(), 20u);
}

TEST(Refusals, BeginAnewOnceOthersAreAcknowledged) {
  Refusals r;
  Refuse(&r, 12, 1, 12);
  r.Advance(S(13), false);
  EXPECT_FALSE(r.ReplaceAcknowledged(1, 12));
}

// Who came up here before is no stranger.
TEST(Refusals, OfClientsAreThoseOfFourNetworksThatCameUpBefore) {
  const auto refused = [](uint8_t networks, bool familiar, bool trusted) {
    Refusals r;
    r.Advance(S(1), false);
    for (int i = 0; i < 12; ++i) {
      r.Advance(S(1.25 + i * 0.25), true);
      r.Count({static_cast<uint8_t>(i % networks), trusted}, S(1.25 + i * 0.25), familiar);
    }
    return r.AreClients(3);
  };
  EXPECT_TRUE(refused(6, true, false));
  EXPECT_TRUE(refused(1, false, true));
  EXPECT_FALSE(refused(6, false, false)) << "anybody can give wrong credentials";
  EXPECT_FALSE(refused(1, true, false)) << "one network, whose credentials are its own";
}

TEST(Refusals, AsManyAsUsualAreNoNews) {
  Refusals r;
  const auto play = [&](double from, double to, bool falling) {
    for (double t = from; t < to; t += 0.25) {
      r.Advance(S(t), falling);
      r.Count({static_cast<uint8_t>(static_cast<int>(4 * t) % 6), false}, S(t), true);
    }
  };
  play(1, 1800, false);
  play(1800, 1806, true);
  EXPECT_TRUE(r.ReplaceAcknowledged(3, 6));
  EXPECT_FALSE(r.AreClients(3)) << "four a second were refused all the time";
}

TEST(Refusals, HaveStoppedWithoutRequests) {
  Refusals r;
  Refuse(&r, 40, 1, 12);
  EXPECT_FALSE(r.HaveStopped(1));
  r.Advance(S(140), true);
  EXPECT_TRUE(r.HaveStopped(1));
}

}  // namespace
}  // namespace candor
