// SPDX-License-Identifier: Apache-2.0
#include "verdict/local_fault_detector.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

class LocalFaultDetectorTest : public testing::Test {
 protected:
  static Time At(double s) { return Time(FromSeconds(1000 + s)); }
  void Measure(const std::string& code, bool whole, bool watched = false) {
    LocalFault f;
    f.code = code, f.whole = whole, f.watched = watched, f.descriptors_read = true;
    f.restarts = code == "restart_loop";
    if (none_left_) f.no_descriptors = "65536 of 65536.";
    f.text = "of the fault";
    f.at = At(now_);
    detector_.Observe(f);
  }
  // Of a gap's limit; clients' packets that come and nothing that leaves since `silent_since_`.
  void Step(double seconds, double share) {
    now_ += seconds;
    ArrivalGap gap;
    gap.known = share >= 0;
    gap.limit = 20, gap.expected = 20 * share;
    if (silent_since_ > 0) detector_.ObserveNode({At(now_), At(silent_since_)});
    detector_.Advance(At(now_), gap, silent_since_ > 0 && now_ - silent_since_ > 1.25);
  }
  // Measured each second.
  void Stand(double seconds, const std::string& code, bool whole, double share) {
    for (double t = 0; t < seconds; ++t) Measure(code, whole), Step(1, share);
  }

  double now_ = 0, silent_since_ = 0;
  bool none_left_ = false;
  LocalFaultDetector detector_;
};

TEST_F(LocalFaultDetectorTest, AFaultBesideAttemptsThatComeIsNoHarm) {
  Stand(30, "frozen", true, 0.1);
  EXPECT_TRUE(detector_.suspects());
  EXPECT_FALSE(detector_.harms());
  EXPECT_FALSE(detector_.alarm());
}

TEST_F(LocalFaultDetectorTest, AttemptsThatStayAwayAloneAreNoHarm) {
  Measure("", false);
  Step(1, 5);
  EXPECT_TRUE(detector_.suspects());
  EXPECT_FALSE(detector_.harms());
}

TEST_F(LocalFaultDetectorTest, AStoppedServerBesideHalfTheGapIsHarmAndAfterTwoSecondsAnAlarm) {
  Stand(1, "frozen", true, 0.4);
  EXPECT_FALSE(detector_.harms());
  Stand(1, "frozen", true, 0.5);
  EXPECT_TRUE(detector_.harms());
  EXPECT_FALSE(detector_.alarm()) << "a debugger takes a stack trace";
  Stand(1, "frozen", true, 0.6);
  EXPECT_TRUE(detector_.alarm());
  Measure("", false);
  Step(1, 0.1);
  EXPECT_FALSE(detector_.alarm());
  EXPECT_FALSE(detector_.harms());
}

TEST_F(LocalFaultDetectorTest, AStoppedServerUnderPacketsThatGoUnansweredIsAnAlarm) {
  silent_since_ = now_ + 0.1;
  Stand(2, "frozen", true, -1);
  EXPECT_TRUE(detector_.unanswered());
  EXPECT_TRUE(detector_.harms());
  Stand(2, "frozen", true, -1);
  EXPECT_TRUE(detector_.alarm());
  EXPECT_TRUE(detector_.stands()) << "also while clients are kept away";
}

TEST_F(LocalFaultDetectorTest, ClientsThatHaveLeftAreNotUnanswered) {
  detector_.ObserveNode({At(0), At(-5)});
  now_ = 10;
  Stand(5, "process_gone", true, 0.1);
  EXPECT_FALSE(detector_.unanswered());
  EXPECT_FALSE(detector_.harms());
}

TEST_F(LocalFaultDetectorTest, RestartsHarmByThemselves) {
  Stand(1, "restart_loop", true, 0.1);
  EXPECT_TRUE(detector_.harms());
  EXPECT_FALSE(detector_.alarm());
  Measure("", false);
  Step(1, 0.1);
  EXPECT_FALSE(detector_.harms());
}

TEST_F(LocalFaultDetectorTest, AFaultOfAPartNeedsMoreOfTheGapAndIsNeverAnAlarm) {
  Stand(5, "ports_exhausted", false, 0.6);
  EXPECT_FALSE(detector_.harms());
  Stand(5, "ports_exhausted", false, 0.7);
  EXPECT_TRUE(detector_.harms());
  EXPECT_FALSE(detector_.alarm());
}

TEST_F(LocalFaultDetectorTest, WhatIsMeasuredWhileAttemptsComeIsUsual) {
  Stand(30, "ports_exhausted", false, 0.1);
  Stand(30, "ports_exhausted", false, 2);
  EXPECT_FALSE(detector_.harms()) << "it binds its whole range at its start";
  Measure("", false);
  Step(1, 0.1);
  Stand(5, "ports_exhausted", false, 2);
  EXPECT_TRUE(detector_.harms());
}

TEST_F(LocalFaultDetectorTest, DescriptorsThatRunOutHarmThoughSomeAttemptsComeUp) {
  Stand(8, "", false, 0.1);
  for (int i = 0; i < 40; ++i) {
    none_left_ = i % 3 != 2;
    Stand(1, none_left_ ? "descriptors_exhausted" : "", false, 0.1);
    const bool harmed = detector_.harms() && detector_.fault().code == "descriptors_exhausted";
    ASSERT_TRUE(i > 2 || !harmed) << "a moment";
    ASSERT_TRUE(i < 8 || harmed) << i;
  }
  EXPECT_FALSE(detector_.alarm()) << "a part of the calls comes up";
  EXPECT_TRUE(detector_.suspects());
  none_left_ = false;
  Stand(12, "", false, 0.1);
  EXPECT_FALSE(detector_.harms());
}

TEST_F(LocalFaultDetectorTest, DescriptorsThatAreNearlyUsedUpHarmOnlyBesideAttemptsThatStayAway) {
  Stand(8, "", false, 0.1);
  for (int i = 0; i < 15; ++i) {
    Stand(1, "descriptors_exhausted", false, 0.1);
    ASSERT_FALSE(detector_.harms()) << "all calls are served";
  }
  Stand(5, "descriptors_exhausted", false, 0.7);
  EXPECT_TRUE(detector_.harms());
}

TEST_F(LocalFaultDetectorTest, TheFaultIsThatOfWhatHarms) {
  Stand(30, "ports_exhausted", false, 0.1);
  none_left_ = true;
  Stand(10, "ports_exhausted", false, 0.1);
  EXPECT_TRUE(detector_.harms());
  EXPECT_EQ(detector_.fault().code, "descriptors_exhausted") << "its ports are usual";
  EXPECT_EQ(detector_.fault().text, "65536 of 65536.");
  Stand(1, "frozen", true, 0.6);
  EXPECT_EQ(detector_.fault().code, "frozen") << "attempts stay away";
  EXPECT_EQ(detector_.fault().text, "of the fault");
}

TEST_F(LocalFaultDetectorTest, DescriptorsAreNoHarmAnyMoreOnceTheyAreNotRead) {
  Stand(8, "", false, 0.1);
  none_left_ = true;
  Stand(10, "descriptors_exhausted", false, 0.1);
  EXPECT_TRUE(detector_.harms());
  for (int i = 0; i < 12; ++i) Step(1, 0.1);
  EXPECT_FALSE(detector_.harms());
  EXPECT_FALSE(detector_.suspects());
}

TEST_F(LocalFaultDetectorTest, AServerAtItsLimitFromTheBeginningIsNoNews) {
  none_left_ = true;
  Stand(60, "descriptors_exhausted", false, 0.1);
  EXPECT_FALSE(detector_.harms());
}

TEST_F(LocalFaultDetectorTest, AFaultInALullIsNoneBeforeAMinute) {
  const auto night = [this](double seconds) {  // nobody has called for an hour, where 3 a second are usual
    for (double t = 0; t < seconds; ++t) {
      Measure("process_gone", true);
      ++now_;
      const ArrivalGap gap{true, At(-3600), 3, 3 * (3600 + now_), 20};
      detector_.Advance(At(now_), gap, false);
    }
  };
  night(50);
  EXPECT_FALSE(detector_.harms()) << "a backup";
  EXPECT_FALSE(detector_.alarm());
  night(15);
  EXPECT_TRUE(detector_.alarm());
}

TEST_F(LocalFaultDetectorTest, AServerThatSendsIsAtWorkWhateverItsCgroupShows) {
  for (double t = 0; t < 30; ++t) {
    detector_.ObserveNode({At(now_), At(now_)});
    Stand(1, "process_gone", true, 1);
  }
  EXPECT_FALSE(detector_.alarm());
}

TEST_F(LocalFaultDetectorTest, AnOldMeasurementIsNone) {
  Measure("frozen", true);
  Step(6, 2);
  EXPECT_FALSE(detector_.harms());
}

TEST_F(LocalFaultDetectorTest, AnEmptyCgroupWhoseSocketsSendIsNotTheServers) {
  Measure("process_gone", true);
  detector_.ObserveNode({At(0.5), At(0.5)});
  Step(1, -1);
  EXPECT_FALSE(detector_.stands());
}

}  // namespace
}  // namespace candor
