// SPDX-License-Identifier: Apache-2.0
#include "daemon/load_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace candor::daemon {
namespace {

using ::testing::ElementsAre;

class LoadConfigTest : public ::testing::Test {
 protected:
  LoadConfigTest() { std::filesystem::create_directories(folder_); }
  ~LoadConfigTest() override { std::filesystem::remove_all(folder_); }

  Flags Named(std::string_view yaml) {
    std::ofstream(file_) << yaml;
    Flags flags;
    flags.config_file = file_;
    flags.config_named = true;
    return flags;
  }

  const std::string folder_ = ::testing::TempDir() + "candor_load_config_" + std::to_string(::getpid());
  const std::string file_ = folder_ + "/c.yaml";
};

TEST_F(LoadConfigTest, ADefaultFileThatIsNotThereMeansDefaults) {
  Flags flags;
  flags.config_file = folder_ + "/none.yaml";
  const auto loaded = LoadConfig(flags);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->file, "");
  EXPECT_EQ(PrintConfig(loaded->config), PrintConfig(Config{}));
}

TEST_F(LoadConfigTest, ANamedFileThatIsNotThereIsAnError) {
  Flags flags;
  flags.config_file = folder_ + "/none.yaml";
  flags.config_named = true;
  const auto loaded = LoadConfig(flags);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error(),
              ElementsAre("cannot read " + folder_ + "/none.yaml: No such file or directory"));
}

TEST_F(LoadConfigTest, AFolderIsNoFile) {
  Flags flags;
  flags.config_file = folder_;
  const auto loaded = LoadConfig(flags);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error(), ElementsAre("cannot read " + folder_ + ": Is a directory"));
}

TEST_F(LoadConfigTest, AnEmptyFileIsAFileAllTheSame) {
  const auto loaded = LoadConfig(Named(""));
  ASSERT_TRUE(loaded) << loaded.error().front();
  EXPECT_EQ(loaded->file, file_);
}

TEST_F(LoadConfigTest, FlagsOverrideTheFile) {
  Flags flags = Named("cgroup: /from/file\nmax_flows: 100\n");
  flags.settings = {{"cgroup", {"/from/flag"}}};
  const auto loaded = LoadConfig(flags);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->config.source.cgroup, "/from/flag");
  EXPECT_EQ(loaded->config.source.max_flows, 100U);
}

TEST_F(LoadConfigTest, ErrorsOfFileAndFlagsAreToldTogether) {
  Flags flags = Named("max_flows: many\n");
  flags.settings = {{"log_level", {"loud"}}};
  const auto loaded = LoadConfig(flags);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(
      loaded.error(),
      ElementsAre(file_ + ":1:12: max_flows: expected a whole number from 0 to 4294967295, not 'many'",
                  "command line: log_level: expected trace | debug | info | warn | error | off, not 'loud'"));
}

TEST_F(LoadConfigTest, AFlagMayBreakARuleOfTheWhole) {
  Flags flags = Named("self_report: {service: media, grpc: \"a:1\"}\n");
  flags.settings = {{"self_report.grpc", {""}}};
  const auto loaded = LoadConfig(flags);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error(),
              ElementsAre("settings in force: self_report.service: expected self_report.grpc beside "
                          "it; HTTP has no services"));
}

}  // namespace
}  // namespace candor::daemon
