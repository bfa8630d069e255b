// SPDX-License-Identifier: Apache-2.0
#include "verdict/muted_calls_detector.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

// Calls of one network each unless said, looked up every 5 s; time is in seconds.
class MutedCalls : public testing::Test {
 protected:
  void Look(uint64_t id, Service service, double silent_since = 0) {
    AttemptEvent e;
    e.kind = AttemptEvent::Kind::kRunning;
    e.at = Time(FromSeconds(now_));
    e.id = id;
    e.peer = IpAddress::V4(static_cast<uint32_t>((networks_ > 0 ? id % networks_ : id) << 16 | 0x50000001));
    e.phase = Phase::kActive;
    e.service = service;
    if (service == Service::kNodeSilent) e.one_way_since = Time(FromSeconds(silent_since));
    detector_.Observe(e);
  }
  // All `calls` are served, but the first `muted`, silent since `since`.
  void Run(double seconds, uint64_t calls, uint64_t muted = 0, double since = 0) {
    for (const double end = now_ + seconds; now_ < end; now_ += 5) {
      for (uint64_t id = 1; id <= calls; ++id)
        id <= muted ? Look(id, Service::kNodeSilent, since) : Look(id, Service::kBothWays);
      for (int i = 0; i < 5; ++i) detector_.Weigh(Time(FromSeconds(now_ + i)), few_networks_);
    }
  }

  JudgeOptions options_;
  bool few_networks_ = false;
  uint64_t networks_ = 0;
  double now_ = 1000;
  MutedCallsDetector detector_{options_, {}};
};

TEST_F(MutedCalls, AThirdThatFallsSilentAtOnceHarmsAndThenPrevents) {
  Run(300, 30);
  EXPECT_FALSE(detector_.harms());
  const double since = now_ - 8;
  Run(5, 30, 10, since);
  EXPECT_TRUE(detector_.harms());
  EXPECT_FALSE(detector_.alarm()) << "they may be on hold";
  EXPECT_EQ(detector_.muted(), 10u);
  EXPECT_EQ(detector_.running(), 30u);
  Run(15, 30, 10, since);
  EXPECT_TRUE(detector_.alarm());
}

TEST_F(MutedCalls, CallsThatSendAgainEndIt) {
  Run(300, 30);
  Run(5, 30, 30, now_ - 8);
  EXPECT_TRUE(detector_.harms());
  Run(120, 30);
  EXPECT_FALSE(detector_.harms());
  EXPECT_FALSE(detector_.alarm());
}

TEST_F(MutedCalls, CallsThatAreHeldOneByOneAreUsual) {
  for (int round = 0; round < 300; ++round) {
    Look(100 + static_cast<uint64_t>(round), Service::kNodeSilent, now_ - 8);
    Run(5, 30);
    EXPECT_FALSE(detector_.harms());
  }
}

// A conference in which nobody speaks falls silent as a whole; larger numbers are news.
TEST_F(MutedCalls, AsManyAsFellSilentAtOnceBeforeAreUsual) {
  Run(300, 60);
  for (int round = 0; round < 3; ++round) {
    Run(10, 60, 3 + static_cast<uint64_t>(round), now_ - 8);
    EXPECT_FALSE(detector_.harms()) << round;
    Run(180, 60);
  }
  Run(10, 60, 7, now_ - 8);
  EXPECT_FALSE(detector_.harms());
  Run(180, 60);
  Run(10, 60, 40, now_ - 8);
  EXPECT_TRUE(detector_.harms());
}

TEST_F(MutedCalls, OneNetworkAloneRaisesNoAlarm) {
  networks_ = 1;
  Run(300, 30);
  const double since = now_ - 8;
  Run(30, 30, 30, since);
  EXPECT_FALSE(detector_.harms());
  EXPECT_FALSE(detector_.alarm());
}

TEST_F(MutedCalls, WhereFewNetworksAreUsualItHarmsAndPreventsNot) {
  networks_ = 1;
  few_networks_ = true;
  Run(300, 30);
  const double since = now_ - 8;
  Run(30, 30, 30, since);
  EXPECT_TRUE(detector_.harms());
  EXPECT_FALSE(detector_.alarm());
}

TEST_F(MutedCalls, NothingIsSaidBeforeEnoughIsKnown) {
  Run(15, 30);
  EXPECT_FALSE(detector_.judged());
  Run(5, 30, 30, now_ - 8);
  EXPECT_FALSE(detector_.harms());
}

TEST_F(MutedCalls, OfAYoungNodeItHarmsAndDoesNotPrevent) {
  Run(30, 30);
  const double since = now_ - 8;
  Run(20, 30, 10, since);
  EXPECT_FALSE(detector_.harms()) << "a conference that pauses, maybe";
  Run(20, 30, 10, since);
  EXPECT_TRUE(detector_.harms());
  EXPECT_FALSE(detector_.alarm());
}

// Without comfort noise a sixth of the calls is silent at each look-up.
TEST_F(MutedCalls, SpeakersWhoAlternateFromTheFirstMomentAreUsual) {
  for (int round = 0; round < 200; ++round, now_ += 5) {
    for (uint64_t id = 1; id <= 30; ++id) {
      const bool silent = (id + static_cast<uint64_t>(round)) % 6 == 0;
      silent ? Look(id, Service::kNodeSilent, now_ - 8 - static_cast<double>(id) / 7)
             : Look(id, Service::kBothWays);
    }
    for (int i = 0; i < 5; ++i) detector_.Weigh(Time(FromSeconds(now_ + i)), false);
    ASSERT_FALSE(detector_.harms()) << round;
  }
}

TEST_F(MutedCalls, ARecorderAndAVoicemailMayFallSilent) {
  for (const Role role : {Role::kRecorder, Role::kVoicemail}) {
    options_.role = role;
    detector_ = MutedCallsDetector(options_, {});
    Run(300, 30);
    Run(30, 30, 30, now_ - 8);
    EXPECT_FALSE(detector_.judged());
  }
}

}  // namespace
}  // namespace candor
