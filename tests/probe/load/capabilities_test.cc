// SPDX-License-Identifier: Apache-2.0
#include "probe/load/capabilities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/bpf/drop_capabilities.h"

namespace candor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr uint64_t kNetAdmin = 1ull << 12, kSysAdmin = 1ull << 21, kPerfmon = 1ull << 38, kBpf = 1ull << 39;

TEST(OwnCapabilities, AreTheEffectiveSetOfTheCallingThread) {
  const uint64_t before = OwnCapabilities();
  uint64_t after = before;
  std::thread([&] {
    DropCapabilities({CAP_NET_ADMIN, CAP_BPF});
    after = OwnCapabilities();
  }).join();
  EXPECT_EQ(after, before & ~(kNetAdmin | kBpf));
  EXPECT_EQ(OwnCapabilities(), before);
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

TEST(MissingCapabilities, SysAdminIncludesBpfAndPerfmonButNotNetAdmin) {
  EXPECT_THAT(MissingCapabilities(kSysAdmin), ElementsAre("CAP_NET_ADMIN"));
}

}  // namespace
}  // namespace candor
