// SPDX-License-Identifier: Apache-2.0
//
// The socket evidence of a kernel source: losses and their reasons.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "kernel_source_case.h"
#include "tests/probe/sockets/fake_proc.h"

namespace candor {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class KernelSourceSocketsTest : public KernelSourceTest {
 protected:
  // One process of the media server's, in the cgroup that the source watches.
  void LiveIn(const FakeProc& fake, const UdpCounters& counts) {
    fake.Members("10\n");
    fake.Counts(10, counts);
    kernel_.target = fake.cgroup();
    options_.proc = fake.proc();
  }
};

TEST_F(KernelSourceSocketsTest, ReadsWhatSocketsLoseOnceASecond) {
  auto source = Load();
  EXPECT_EQ(source->Sockets(), SocketCounts{});
  EXPECT_THAT(source->Health().sockets.unavailable, HasSubstr("cannot read /cg/media/cgroup"));
  FakeProc fake;
  LiveIn(fake, {.in = 5});
  source = Load();
  EXPECT_EQ(source->Sockets().at, now_);
  fake.Counts(10, {.in = 9, .rcvbuf_errors = 3});
  Poll(*source);
  EXPECT_EQ(source->Sockets().received, 0u) << "not every turn";
  PollLater(*source);
  EXPECT_EQ(source->Sockets().received, 4u);
  EXPECT_EQ(source->Health().sockets.counts.dropped_full, 3u);
  EXPECT_EQ(source->Health().sockets.unavailable, "");
}

TEST_F(KernelSourceSocketsTest, SocketEvidenceThatIsDisabledOrHasNoCgroupHasTheReason) {
  FakeProc fake;
  LiveIn(fake, {});
  auto source = Load();
  kernel_.attached = false;
  kernel_.attach_answer = {"cgroup_missing", "none"};
  PollLater(*source);
  EXPECT_THAT(source->Health().sockets.unavailable, HasSubstr("not attached"));
  EXPECT_EQ(source->Sockets(), SocketCounts{});
  options_.socket_evidence = false;
  EXPECT_THAT(Load()->Health().sockets.unavailable, HasSubstr("socket_evidence: false"));
}

TEST_F(KernelSourceSocketsTest, IsBlindInACgroupThatHasNoOtherProcessUntilAPacketIsSeen) {
  FakeProc fake;
  fake.Members(std::to_string(::getpid()) + "\n");
  FakeProc::Write(fake.cgroup() + "/cgroup.type", "domain\n");
  kernel_.target = fake.cgroup();
  options_.proc = fake.proc();
  options_.cgroup = fake.cgroup();
  auto source = Load();
  for (int i = 0; i < 29; ++i) PollLater(*source);
  EXPECT_EQ(source->Health().blindness.code, "");
  PollLater(*source);
  EXPECT_EQ(source->Health().blindness.code, "wrong_cgroup");
  options_.cgroup = "auto";
  auto automatic = Load();
  for (int i = 0; i < 30; ++i) PollLater(*automatic);
  EXPECT_EQ(automatic->Health().blindness.code, "cgroup_namespace");
  ++kernel_.counters[CANDOR_C_STUN];
  PollLater(*automatic);
  EXPECT_EQ(automatic->Health().blindness.code, "");
}

TEST_F(KernelSourceSocketsTest, WarnsOfTrafficThatTheProbesDoNotSee) {
  FakeProc fake;
  LiveIn(fake, {});
  FakeProc::Write(fake.cgroup() + "/cgroup.type", "domain\n");
  auto source = Load();
  for (uint64_t i = 1; i < 32; ++i) {
    fake.Counts(10, {.in = i * 50, .out = i * 50});
    PollLater(*source);
  }
  EXPECT_THAT(source->Health().warnings, testing::Contains(HasSubstr("the probes saw none")));
  EXPECT_FALSE(source->Health().blindness.blind()) << "its sockets are in another network namespace";
}

TEST_F(KernelSourceSocketsTest, CountsWhyDatagramsAreDroppedWhereSocketsAreRead) {
  FakeProc fake;
  LiveIn(fake, {});
  EXPECT_THAT(Load()->Health().sockets.drops.unavailable, HasSubstr("not requested"));
  FakeDrops::Kernel drops;
  drops_ = &drops;
  EXPECT_THAT(Load()->Health().sockets.drops.unavailable, HasSubstr("/proc/PID/net/stat"));
  const uint32_t space = fake.NamespaceInode(10);
  auto source = Load();
  EXPECT_THAT(drops.namespaces, testing::ElementsAre(space));
  drops.reading.sums[CANDOR_IN][CANDOR_DROP_NETFILTER] = 5;
  drops.reading.unattributed = 2;
  PollLater(*source);
  const Time grown = now_;
  PollLater(*source);
  const DropEvidence seen = source->Health().sockets.drops;
  EXPECT_EQ(seen.unavailable, "");
  EXPECT_THAT(seen.unreported, testing::ElementsAre("udp_memory"));
  EXPECT_EQ(seen.unattributed, 2u);
  EXPECT_EQ(seen.sums[CANDOR_IN][CANDOR_DROP_NETFILTER], 5u);
  EXPECT_EQ(seen.last[CANDOR_IN][CANDOR_DROP_NETFILTER], grown);
  EXPECT_EQ(seen.last[CANDOR_IN][CANDOR_DROP_CHECKSUM], Time{});
  EXPECT_EQ(source->Sockets().drops, seen.sums);
  kernel_.attached = false;
  kernel_.attach_answer = {"cgroup_missing", "none"};
  PollLater(*source);
  EXPECT_THAT(drops.namespaces, IsEmpty()) << "no process is watched";
}

TEST_F(KernelSourceSocketsTest, DeliversThePacketsThatTheKernelDropped) {
  FakeDrops::Kernel drops;
  LostPacket lost;
  lost.reason = CANDOR_DROP_NETFILTER;
  drops.lost = {lost, lost};
  drops.reading.lost_read = 2;
  drops.reading.lost_unread = 9;
  drops.reading.lost_cut = 1;
  std::vector<candor_drop_reason> delivered;
  const auto sink = [&](const LostPacket& p) { delivered.push_back(p.reason); };
  auto without = Load();
  without->TakeLost(sink);
  EXPECT_THAT(delivered, IsEmpty()) << "no drops are loaded";
  drops_ = &drops;
  auto source = Load();
  source->TakeLost(sink);
  EXPECT_THAT(delivered, testing::ElementsAre(CANDOR_DROP_NETFILTER, CANDOR_DROP_NETFILTER));
  source->TakeLost(sink);
  EXPECT_EQ(delivered.size(), 2u) << "each once";
  const DropEvidence shown = source->Health().sockets.drops;
  EXPECT_EQ(shown.lost_read, 2u);
  EXPECT_EQ(shown.lost_unread, 9u);
  EXPECT_EQ(shown.lost_cut, 1u);
}

TEST_F(KernelSourceSocketsTest, CountsAcceptedSessionsWhereSocketsAreRead) {
  FakeProc fake;
  LiveIn(fake, {10});
  EXPECT_THAT(Load()->Sessions().unavailable, HasSubstr("not requested"));
  FakeSessions::Kernel sessions;
  sessions.reading.ports = {{77, 8088, 3}};
  sessions_ = &sessions;
  auto source = Load();
  EXPECT_THAT(source->Sessions().unavailable, HasSubstr("/proc/PID/net/stat"));
  const uint32_t space = fake.NamespaceInode(10);
  source = Load();
  EXPECT_THAT(sessions.namespaces, testing::ElementsAre(space));
  EXPECT_EQ(source->Sessions().unavailable, "");
  EXPECT_EQ(source->Sessions().at, now_);
  EXPECT_THAT(source->Sessions().ports, testing::ElementsAre(PortSessions{77, 8088, 3}));
  EXPECT_EQ(source->Health().sessions.accepted, 3u);
  kernel_.attached = false;
  kernel_.attach_answer = {"cgroup_missing", "none"};
  PollLater(*source);
  EXPECT_THAT(source->Sessions().unavailable, HasSubstr("not attached"));
  EXPECT_THAT(sessions.namespaces, IsEmpty()) << "no process is watched";
}

TEST_F(KernelSourceSocketsTest, DropsThatLoadLateAreTakenThen) {
  FakeDrops::Kernel drops;
  bool returned = false;
  KernelSource source(
      options_,
      [&] {
        candor::LoadResult loaded{std::make_unique<FakeProbe>(&kernel_), {}, false, {}};
        loaded.drops = {nullptr, "it hangs", {}, [&]() -> std::optional<LoadedDrops> {
                          if (!returned) return std::nullopt;
                          return LoadedDrops{std::make_unique<FakeDrops>(&drops), "", {"udp_memory"}};
                        }};
        return loaded;
      },
      [this] { return now_; });
  while (source.stage() == KernelSource::Stage::kLoading) Poll(source);
  EXPECT_EQ(source.Health().sockets.drops.unavailable, "it hangs");
  EXPECT_FALSE(source.Health().blindness.blind());
  returned = true;
  PollLater(source);
  EXPECT_EQ(source.Health().sockets.drops.unavailable, "");
  EXPECT_THAT(source.Health().sockets.drops.unreported, testing::ElementsAre("udp_memory"));
}

}  // namespace
}  // namespace candor
