// SPDX-License-Identifier: Apache-2.0
#include "daemon/reload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace candor::daemon {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ReloadTest : public ::testing::Test {
 protected:
  ReloadTest() {
    char name[] = "/tmp/candor-test-XXXXXX";
    folder_ = ::mkdtemp(name);
    flags_.config_file = folder_ + "/candor.yaml";
    flags_.config_named = true;
    Write("log_level: info\n");
    reloader_ = std::make_unique<Reloader>(flags_, Config{});
    reloader_->AddLive({"log_level"}, [this](const Config& next, Config& in_force) {
      in_force.log_level = level_ = next.log_level;
    });
  }
  ~ReloadTest() override { std::filesystem::remove_all(folder_); }
  void Write(const std::string& text) const { std::ofstream(flags_.config_file) << text; }

  std::string folder_;
  Flags flags_;
  LogLevel level_ = LogLevel::kInfo;
  std::unique_ptr<Reloader> reloader_;
};

TEST_F(ReloadTest, AppliesWhatIsLiveAndNamesWhatNeedsARestart) {
  Write("log_level: debug\nmax_flows: 128\nlimits: {page: 7}\n");
  const auto outcome = reloader_->Reload();
  ASSERT_TRUE(outcome);
  EXPECT_THAT(outcome->applied, ElementsAre("log_level: info -> debug"));
  EXPECT_THAT(outcome->restart, ElementsAre("max_flows: 65536 -> 128", "limits.page: 1000 -> 7"));
  EXPECT_EQ(level_, LogLevel::kDebug);
  EXPECT_EQ(outcome->config_file, flags_.config_file);
}

TEST_F(ReloadTest, WhatNeedsARestartIsNamedUntilThereWasOne) {
  Write("log_level: debug\nmax_flows: 128\n");
  ASSERT_TRUE(reloader_->Reload());
  const auto again = reloader_->Reload();
  ASSERT_TRUE(again);
  EXPECT_THAT(again->applied, IsEmpty());
  EXPECT_THAT(again->restart, ElementsAre("max_flows: 65536 -> 128"));
}

TEST_F(ReloadTest, ABrokenFileChangesNothingAndSaysWhereAndHow) {
  Write("log_level: debug\nmax_flow: 128\n");
  const auto outcome = reloader_->Reload();
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error(),
              ElementsAre(flags_.config_file + ":2:1: unknown setting 'max_flow'; did you mean max_flows?"));
  EXPECT_EQ(level_, LogLevel::kInfo);
}

TEST_F(ReloadTest, WhatIsReadAgainEachTimeMayOnlyAddANote) {
  reloader_->AddAlways([](const Config&) -> Result<void> { return Fail("the certificate is wrong"); });
  const auto outcome = reloader_->Reload();
  ASSERT_TRUE(outcome);
  EXPECT_THAT(outcome->notes, ElementsAre("the certificate is wrong"));
}

}  // namespace
}  // namespace candor::daemon
