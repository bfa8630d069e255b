// SPDX-License-Identifier: Apache-2.0
#include "probe/drops/drop_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probe/drops/drop_probe.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

TEST(DropReader, AReadingLeavesTheTimeOfWhatHasGrown) {
  DropEvidence evidence;
  DropReader::Reading reading;
  reading.sums[CANDOR_OUT][CANDOR_DROP_QDISC] = 3;
  reading.unattributed = 1;
  Note(reading, Time(5s), &evidence);
  reading.sums[CANDOR_IN][CANDOR_DROP_CHECKSUM] = 2;
  Note(reading, Time(6s), &evidence);
  EXPECT_EQ(evidence.sums, reading.sums);
  EXPECT_EQ(evidence.unattributed, 1u);
  EXPECT_EQ(evidence.last[CANDOR_OUT][CANDOR_DROP_QDISC], Time(5s));
  EXPECT_EQ(evidence.last[CANDOR_IN][CANDOR_DROP_CHECKSUM], Time(6s));
  EXPECT_EQ(evidence.last[CANDOR_IN][CANDOR_DROP_NETFILTER], Time{});
}

// Never runs its work, as a load that hangs in the kernel.
void Hang(const std::function<void()>&) {}

TEST(AwaitDropProbe, ABlockedLoadIsReportedWithTheSubstituteAndNotJoined) {
  const LoadedDrops loaded = AwaitDropProbe({}, 10ms, &Hang);
  EXPECT_FALSE(loaded.reader);
  EXPECT_THAT(loaded.unavailable, AllOf(HasSubstr("has not returned"), HasSubstr("/proc/net/snmp")));
  ASSERT_TRUE(loaded.late);
  EXPECT_FALSE(loaded.late());
}

TEST(AwaitDropProbe, WhatIsNotWantedIsNotLoaded) {
  ProbeOptions options;
  options.drop_reasons = false;
  EXPECT_THAT(AwaitDropProbe(options, 10s, &Hang).unavailable, HasSubstr("drop_reasons: false"));
  options.drop_reasons = true;
  options.socket_evidence = false;
  EXPECT_THAT(AwaitDropProbe(options, 10s, &Hang).unavailable, HasSubstr("socket_evidence: false"));
}

}  // namespace
}  // namespace candor
