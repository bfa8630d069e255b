// SPDX-License-Identifier: Apache-2.0
//
// Runs every input that once broke an invariant, kept in tests/data/fuzz/, and every seed through the targets
// as the ordinary compiler builds them. A broken invariant aborts; the assertions are that there were inputs.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "targets.h"

namespace candor::fuzz {
namespace {

// Runs every file of a folder; returns their number.
size_t RunAll(const Target& target, const std::filesystem::path& folder) {
  size_t n = 0;
  if (!std::filesystem::exists(folder)) return 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(file.path().string());
    std::ifstream in(file.path(), std::ios::binary);
    const std::vector<uint8_t> bytes{std::istreambuf_iterator<char>(in), {}};
    target.run(bytes);
    ++n;
  }
  return n;
}

class FuzzTarget : public ::testing::TestWithParam<Target> {};

TEST_P(FuzzTarget, KeepsItsInvariantsOnEverySeed) {
  EXPECT_GT(RunAll(GetParam(), std::filesystem::path(CANDOR_FUZZ_SEEDS) / GetParam().name), 3u);
}

TEST_P(FuzzTarget, TakesAnEmptyInput) {
  EXPECT_EXIT((GetParam().run({}), std::exit(0)), ::testing::ExitedWithCode(0), "");
}

INSTANTIATE_TEST_SUITE_P(All, FuzzTarget, ::testing::ValuesIn(kTargets),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(KeptInputs, KeepTheInvariantsTheyOnceBroke) {
  for (const auto& folder :
       std::filesystem::directory_iterator(std::filesystem::path(CANDOR_TEST_DATA) / "fuzz")) {
    const std::string name = folder.path().filename();
    const auto* const target = std::find_if(std::begin(kTargets), std::end(kTargets),
                                            [&](const Target& t) { return t.name == name; });
    ASSERT_NE(target, std::end(kTargets)) << name << " is no target";
    EXPECT_GT(RunAll(*target, folder.path()), 0u) << name;
  }
}

}  // namespace
}  // namespace candor::fuzz
