// SPDX-License-Identifier: Apache-2.0
//
// The paths that tests get at compile time lead into the tree that they were built from.
#include <gtest/gtest.h>

#include <filesystem>

namespace candor {
namespace {

TEST(PathsOfTheTests, LeadToTheDataInTheTree) {
  EXPECT_TRUE(std::filesystem::is_directory(CANDOR_TEST_DATA "/captures")) << CANDOR_TEST_DATA;
  EXPECT_TRUE(std::filesystem::is_regular_file(CANDOR_TEST_DATA "/../scripts/paths_test.cc"));
}

TEST(PathsOfTheTests, LeadToTheSeedsInTheBuild) {
  // The seeds themselves are made by another target; their folder's folder is there as soon as CMake has run.
  EXPECT_TRUE(std::filesystem::is_directory(std::filesystem::path(CANDOR_FUZZ_SEEDS).parent_path()))
      << CANDOR_FUZZ_SEEDS;
}

}  // namespace
}  // namespace candor
