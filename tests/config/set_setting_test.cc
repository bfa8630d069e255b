// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.h"

namespace candor {
namespace {

using ::testing::ElementsAre;

TEST(SetSetting, AFlagSetsWhatTheFileWouldSet) {
  Config c;
  EXPECT_TRUE(SetSetting(c, "source", {"pcap:lo"}));
  EXPECT_TRUE(SetSetting(c, "self_report.http", {"http://127.0.0.1:1/"}));
  EXPECT_TRUE(SetSetting(c, "listen.grpc", {"a:1", "b:2"}));
  EXPECT_TRUE(SetSetting(c, "deadline", {"20s"}));
  EXPECT_EQ(c.source.choice.interface, "lo");
  EXPECT_EQ(c.self_report.http, "http://127.0.0.1:1/");
  EXPECT_THAT(c.listen_grpc, ElementsAre("a:1", "b:2"));
  EXPECT_EQ(c.judge.deadline, std::chrono::seconds(20));
}

TEST(SetSetting, AWrongValueIsRefusedAndChangesNothing) {
  Config c;
  const auto done = SetSetting(c, "listen.grpc", {"a:1", "nowhere"});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "listen.grpc: expected HOST:PORT or unix:/path, not 'nowhere'");
  EXPECT_THAT(c.listen_grpc, ElementsAre("127.0.0.1:7460"));
  EXPECT_EQ(SetSetting(c, "log_level", {"loud"}).error().message,
            "log_level: expected trace | debug | info | warn | error | off, not 'loud'");
}

TEST(SetSetting, ASettingThatIsNoListTakesOneValue) {
  Config c;
  EXPECT_EQ(SetSetting(c, "cgroup", {"/a", "/b"}).error().message, "cgroup: expected one value, not 2");
}

TEST(SetSetting, AnUnknownPathIsAnError) {
  Config c;
  EXPECT_EQ(SetSetting(c, "listen.grcp", {"a:1"}).error().message,
            "unknown setting 'listen.grcp'; did you mean listen.grpc?");
}

TEST(SetSetting, RulesBetweenSettingsAreCheckedOnceAllAreSet) {
  Config c;
  ASSERT_TRUE(SetSetting(c, "self_report.http", {"http://a/"}));
  EXPECT_TRUE(CheckConfig(c).empty());
  ASSERT_TRUE(SetSetting(c, "self_report.grpc", {"a:1"}));
  ASSERT_EQ(CheckConfig(c).size(), 1U);
  EXPECT_EQ(CheckConfig(c).front().ToString("candord"),
            "candord: self_report.grpc: expected only one of self_report.http and self_report.grpc");
}

}  // namespace
}  // namespace candor
