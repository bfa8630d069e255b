// SPDX-License-Identifier: Apache-2.0
#include "probe/load/capabilities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr uint64_t kNetAdmin = 1ull << 12, kSysAdmin = 1ull << 21, kPerfmon = 1ull << 38, kBpf = 1ull << 39;

TEST(ParseEffectiveCapabilities, ReadsTheEffectiveSetOnly) {
  EXPECT_EQ(
      ParseEffectiveCapabilities("Name:\tcandord\nCapInh:\t00000000000000ff\nCapPrm:\t000001ffffffffff\n"
                                 "CapEff:\t000000c000001000\nCapBnd:\t000001ffffffffff\n"),
      kBpf | kPerfmon | kNetAdmin);
}

TEST(ParseEffectiveCapabilities, RefusesATextWithoutTheLine) {
  EXPECT_FALSE(ParseEffectiveCapabilities("Name:\tx\nCapPrm:\t00\n"));
}

TEST(ParseEffectiveCapabilities, RefusesWhatIsNoHexadecimalNumber) {
  EXPECT_FALSE(ParseEffectiveCapabilities("Name:\tx\nCapEff:\t00zz\nCapBnd:\t00\n"));
  EXPECT_FALSE(ParseEffectiveCapabilities("Name:\tx\nCapEff:\t\nCapBnd:\t00\n"));
}

TEST(MissingCapabilities, AnUnprivilegedProcessLacksAllThree) {
  EXPECT_THAT(MissingCapabilities(0), ElementsAre("CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON"));
}

TEST(MissingCapabilities, TheThreeSuffice) {
  EXPECT_THAT(MissingCapabilities(kBpf | kPerfmon | kNetAdmin), IsEmpty());
}

TEST(MissingCapabilities, EachIsNamedAlone) {
  EXPECT_THAT(MissingCapabilities(kPerfmon | kNetAdmin), ElementsAre("CAP_BPF"));
  EXPECT_THAT(MissingCapabilities(kBpf | kPerfmon), ElementsAre("CAP_NET_ADMIN"));
  EXPECT_THAT(MissingCapabilities(kBpf | kNetAdmin), ElementsAre("CAP_PERFMON"));
}

TEST(MissingCapabilities, SysAdminStandsInForBpfAndPerfmonButNotForNetAdmin) {
  EXPECT_THAT(MissingCapabilities(kSysAdmin), ElementsAre("CAP_NET_ADMIN"));
}

}  // namespace
}  // namespace candor
