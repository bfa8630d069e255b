// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.h"

namespace candor {
namespace {

using ::testing::ElementsAre;

TEST(ConfigOverride, AFlagSetsWhatTheFileWouldSet) {
  Config c;
  EXPECT_TRUE(OverrideSetting(c, "source", {"pcap:lo"}));
  EXPECT_TRUE(OverrideSetting(c, "self_report.http", {"http://127.0.0.1:1/"}));
  EXPECT_TRUE(OverrideSetting(c, "listen.grpc", {"a:1", "b:2"}));
  EXPECT_TRUE(OverrideSetting(c, "deadline", {"20s"}));
  EXPECT_EQ(c.source.choice.interface, "lo");
  EXPECT_EQ(c.self_report.http, "http://127.0.0.1:1/");
  EXPECT_THAT(c.listen_grpc, ElementsAre("a:1", "b:2"));
  EXPECT_EQ(c.judge.deadline, std::chrono::seconds(20));
}

TEST(ConfigOverride, AWrongValueIsRefusedAndChangesNothing) {
  Config c;
  const auto done = OverrideSetting(c, "listen.grpc", {"a:1", "nowhere"});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "listen.grpc: expected HOST:PORT or unix:/path, not 'nowhere'");
  EXPECT_THAT(c.listen_grpc, ElementsAre("127.0.0.1:7460"));
  EXPECT_EQ(OverrideSetting(c, "log_level", {"loud"}).error().message,
            "log_level: expected trace | debug | info | warn | error | off, not 'loud'");
}

TEST(ConfigOverride, ASettingThatIsNoListTakesOneValue) {
  Config c;
  EXPECT_EQ(OverrideSetting(c, "cgroup", {"/a", "/b"}).error().message, "cgroup: expected one value, not 2");
}

TEST(ConfigOverride, AnUnknownPathIsAnError) {
  Config c;
  EXPECT_EQ(OverrideSetting(c, "listen.grcp", {"a:1"}).error().message,
            "unknown setting 'listen.grcp'; did you mean listen.grpc?");
}

TEST(ConfigOverride, RulesBetweenSettingsAreCheckedOnceAllAreSet) {
  Config c;
  ASSERT_TRUE(OverrideSetting(c, "self_report.http", {"http://a/"}));
  EXPECT_TRUE(CheckConfig(c).empty());
  ASSERT_TRUE(OverrideSetting(c, "self_report.grpc", {"a:1"}));
  ASSERT_EQ(CheckConfig(c).size(), 1U);
  EXPECT_EQ(CheckConfig(c).front().ToString("candord"),
            "candord: self_report.grpc: expected only one of self_report.http and self_report.grpc");
}

}  // namespace
}  // namespace candor
