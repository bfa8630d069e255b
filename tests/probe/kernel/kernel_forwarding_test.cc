// SPDX-License-Identifier: Apache-2.0
#include "probe/kernel/kernel_forwarding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace candor {
namespace {

class ForwardingTablesTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "candor-proc-XXXXXX";
    proc_ = mkdtemp(name.data());
  }
  void TearDown() override { std::filesystem::remove_all(proc_); }

  std::filesystem::path proc_;
};

TEST_F(ForwardingTablesTest, WithoutTheModuleThereAreNone) {
  EXPECT_THAT(ForwardingTables(proc_), testing::IsEmpty());
}

TEST_F(ForwardingTablesTest, TheModuleAloneForwardsNothing) {
  std::filesystem::create_directory(proc_ / "rtpengine");
  std::ofstream(proc_ / "rtpengine" / "control") << "";
  EXPECT_THAT(ForwardingTables(proc_), testing::IsEmpty());
}

TEST_F(ForwardingTablesTest, EveryTableIsNamed) {
  for (const char* table : {"42", "0"}) std::filesystem::create_directories(proc_ / "rtpengine" / table);
  std::ofstream(proc_ / "rtpengine" / "list") << "";
  EXPECT_THAT(ForwardingTables(proc_), testing::ElementsAre("0", "42"));
}

}  // namespace
}  // namespace candor
