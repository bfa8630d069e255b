// SPDX-License-Identifier: Apache-2.0
#include "source/capture_source.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "tests/source/fake_source.h"

namespace candor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const auto kIgnore = [](const FlowEvent&) {};

class CaptureSourceTest : public ::testing::Test {
 protected:
  CaptureSourceTest() {
    control_.health.kind = "pcap";
    control_.health.target = "eth0";
  }
  CaptureSource::Opener Works() {
    return [this]() -> CaptureSource::Opened {
      ++opened_;
      return std::make_unique<FakeSource>(control_);
    };
  }
  // Polls until the source's sight is as wanted; the opening thread needs its moment.
  void PollUntil(CaptureSource& source, std::string_view code) {
    for (int i = 0; i < 500 && source.Health().blindness.code != code; ++i) {
      ASSERT_TRUE(source.Poll(milliseconds(10), kIgnore));
    }
    ASSERT_EQ(source.Health().blindness.code, code);
  }

  Time now_{seconds(1)};
  std::function<Time()> clock_ = [this] { return now_; };
  FakeControl control_;
  std::atomic<int> opened_ = 0;
  const CaptureOptions options_{"eth0", seconds(10), seconds(5)};
};

TEST_F(CaptureSourceTest, IsBlindUntilItIsOpen) {
  std::promise<void> go;
  auto gate = go.get_future().share();
  CaptureSource source(
      options_, [gate, works = Works()] { return gate.wait(), works(); }, clock_);
  EXPECT_EQ(source.Health().blindness.code, "loading");
  ASSERT_TRUE(source.Poll(Duration(0), kIgnore));
  EXPECT_EQ(source.Health().blindness.code, "loading");
  go.set_value();
  PollUntil(source, "");
  EXPECT_EQ(source.Health().target, "eth0");
}

TEST_F(CaptureSourceTest, AnOpeningThatHangsIsToldAfterTheDeadlineAndTakenWhenItComesAllTheSame) {
  std::promise<void> go;
  auto gate = go.get_future().share();
  CaptureSource source(
      options_, [gate, works = Works()] { return gate.wait(), works(); }, clock_);
  now_ += seconds(10);
  ASSERT_TRUE(source.Poll(Duration(0), kIgnore));
  EXPECT_EQ(source.Health().blindness.code, "load_timeout");
  go.set_value();
  PollUntil(source, "");
}

TEST_F(CaptureSourceTest, ARefusedOpeningSaysWhyAndIsTriedAgain) {
  std::atomic<bool> allowed = false;
  CaptureSource source(
      options_,
      [&]() -> CaptureSource::Opened {
        if (!allowed) return Fail("eth0 is down");
        return Works()();
      },
      clock_);
  PollUntil(source, "capture_failed");
  EXPECT_EQ(source.Health().blindness.text, "eth0 is down");
  allowed = true;
  ASSERT_TRUE(source.Poll(Duration(0), kIgnore));
  EXPECT_EQ(opened_, 0) << "not before the pause is over";
  now_ += seconds(5);
  PollUntil(source, "");
}

TEST_F(CaptureSourceTest, ACaptureThatEndsIsOpenedAgain) {
  CaptureSource source(options_, Works(), clock_);
  PollUntil(source, "");
  control_.fail = true;
  ASSERT_TRUE(source.Poll(Duration(0), kIgnore)) << "the watch goes on";
  EXPECT_EQ(source.Health().blindness.code, "capture_ended");
  FlowState state{};
  EXPECT_FALSE(source.Lookup(FlowKey{}, &state));
  control_.fail = false;
  now_ += seconds(5);
  PollUntil(source, "");
  EXPECT_EQ(opened_, 2);
}

}  // namespace
}  // namespace candor
