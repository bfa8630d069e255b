// SPDX-License-Identifier: Apache-2.0
#include "probe/kernel/kernel_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>

#include <filesystem>
#include <future>

#include "base/unique_fd.h"
#include "kernel_source_case.h"
#include "probe/kernel/blindness.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(KernelSourceTest, AWakingEndsItsWait) {
  const UniqueFd silent(::eventfd(0, EFD_CLOEXEC));
  kernel_.descriptor = silent.get();
  auto source = Load();
  EXPECT_TRUE(source->CanWake());
  source->Wake();
  const Time began = MonotonicNow();
  ASSERT_TRUE(source->Poll(60s, [](const FlowEvent&) {}));
  EXPECT_LT(MonotonicNow() - began, Duration(30s));
}

TEST_F(KernelSourceTest, AProbeWithoutADescriptorCannotBeWoken) { EXPECT_FALSE(Load()->CanWake()); }

TEST_F(KernelSourceTest, DeliversWhatTheRingHolds) {
  auto source = Load();
  kernel_.ring = {{.key = KeyOf(1)}, {.key = KeyOf(2)}};
  EXPECT_EQ(Poll(*source), 2u);
  EXPECT_THAT(delivered_ports_, testing::ElementsAre(1, 2));
  EXPECT_FALSE(source->Health().blindness.blind());
  EXPECT_EQ(source->Health().target, "/cg/media");
}

TEST_F(KernelSourceTest, ALoadThatHangsIsBlindAtItsDeadlineAndTakenWhenItReturns) {
  std::promise<void> release;
  KernelSource source(
      options_,
      [&] {
        release.get_future().wait();
        return candor::LoadResult{std::make_unique<FakeProbe>(&kernel_), {}, false, {}};
      },
      [this] { return now_; });
  Poll(source);
  EXPECT_EQ(source.Health().blindness.code, "loading");
  now_ += options_.load_deadline;
  Poll(source);
  EXPECT_EQ(source.Health().blindness.code, "load_timeout");
  EXPECT_FALSE(source.Lookup(KeyOf(1), nullptr));
  release.set_value();
  while (source.stage() == KernelSource::Stage::kLoading) Poll(source);
  EXPECT_FALSE(source.Health().blindness.blind());
  EXPECT_THAT(source.Health().notes, Contains(HasSubstr("took 10 s")));
}

TEST_F(KernelSourceTest, AFailedLoadKeepsItsReason) {
  KernelSource source(
      options_,
      [] {
        return candor::LoadResult{nullptr, BlindWithoutCgroup2(), false, {}};
      },
      [this] { return now_; });
  while (source.stage() == KernelSource::Stage::kLoading) Poll(source);
  now_ += 2 * options_.load_deadline;
  EXPECT_EQ(Poll(source), 0u);
  EXPECT_EQ(source.stage(), KernelSource::Stage::kFailed);
  EXPECT_EQ(source.Health().blindness.code, "no_cgroup2");
}

TEST_F(KernelSourceTest, LostEventsBlindUntilTheMapWasRead) {
  auto source = Load();
  kernel_.flows[7] = {};
  kernel_.counters[CANDOR_C_RING_FULL] = 3;
  PollLater(*source);
  EXPECT_EQ(source->Health().blindness.code, "ring_overflow");
  EXPECT_THAT(source->Health().blindness.text, HasSubstr("3 flow events"));
  int visited = 0;
  source->ForEach([&](const FlowKey&, const FlowState&) { ++visited; });
  EXPECT_EQ(visited, 1);
  EXPECT_FALSE(source->Health().blindness.blind());
  EXPECT_THAT(source->Health().notes, Contains(HasSubstr("3 flow events were lost")));
  kernel_.counters[CANDOR_C_RING_FULL] = 4;
  PollLater(*source);
  EXPECT_THAT(source->Health().blindness.text, HasSubstr("1 flow event "));
}

TEST_F(KernelSourceTest, WhatIsLostDuringTheReadingNeedsAnother) {
  auto source = Load();
  kernel_.flows[7] = {};
  kernel_.counters[CANDOR_C_RING_FULL] = 3;
  source->ForEach([&](const FlowKey&, const FlowState&) { kernel_.counters[CANDOR_C_RING_FULL] = 5; });
  PollLater(*source);
  EXPECT_EQ(source->Health().blindness.code, "ring_overflow");
}

TEST_F(KernelSourceTest, ASweepOvertakesTheEventsThatWaitInTheRing) {
  auto source = Load();
  kernel_.ring = {{.key = KeyOf(1)}};
  source->ForEach([](const FlowKey&, const FlowState&) {});
  EXPECT_EQ(Poll(*source), 0u);
  EXPECT_THAT(delivered_ports_, IsEmpty());
}

TEST_F(KernelSourceTest, WhatAnEarlierProcessSawIsReadBeforeTheRing) {
  kernel_.ring = {{.key = KeyOf(1)}};
  kernel_.flows[7] = {};
  kernel_.counters[CANDOR_C_FLOWS_NEW] = 50;
  kernel_.counters[CANDOR_C_RING_FULL] = 3;
  auto source = Load({}, true);
  EXPECT_EQ(source->Health().blindness.code, "catching_up");
  EXPECT_TRUE(source->NeedsSweep());
  PollLater(*source);
  EXPECT_THAT(delivered_ports_, IsEmpty());
  source->ForEach([](const FlowKey&, const FlowState&) {});
  EXPECT_FALSE(source->NeedsSweep());
  PollLater(*source);
  EXPECT_FALSE(source->Health().blindness.blind());
  EXPECT_EQ(source->Health().flows_evicted, 0u) << "evictions before this process do not count";
  EXPECT_THAT(source->Health().notes, IsEmpty());
}

TEST_F(KernelSourceTest, WhileAnotherReadsTheRingItUsesTheMapAlone) {
  kernel_.owner = false;
  auto source = Load({}, true);
  kernel_.ring = {{.key = KeyOf(1)}};
  source->ForEach([](const FlowKey&, const FlowState&) {});
  PollLater(*source);
  EXPECT_FALSE(source->Health().blindness.blind());
  EXPECT_TRUE(source->NeedsSweep()) << "again and again";
  EXPECT_THAT(delivered_ports_, IsEmpty());
  EXPECT_EQ(kernel_.ring.size(), 1u) << "the events are the other's";
  kernel_.owner = true;
  PollLater(*source);
  EXPECT_EQ(source->Health().blindness.code, "catching_up");
  source->ForEach([](const FlowKey&, const FlowState&) {});
  kernel_.ring = {{.key = KeyOf(2)}};
  PollLater(*source);
  EXPECT_THAT(delivered_ports_, testing::ElementsAre(2));
  EXPECT_FALSE(source->NeedsSweep());
}

TEST_F(KernelSourceTest, CountsOpenAndEvictedFlowsWithEachSweep) {
  auto source = Load();
  for (uint16_t port = 1; port <= 4; ++port) kernel_.flows[port] = {};
  kernel_.counters[CANDOR_C_FLOWS_NEW] = 10;
  source->Forget(KeyOf(1));
  source->Forget(KeyOf(99));
  now_ += options_.sweep_interval;
  Poll(*source);
  EXPECT_EQ(source->Health().flows_open, 3u);
  EXPECT_EQ(source->Health().flows_evicted, 6u);  // 10 came, 3 are there, 1 was forgotten
  EXPECT_EQ(source->Health().flows_max, options_.flows_max);
}

TEST_F(KernelSourceTest, WaitsForACgroupThatDoesNotExistYet) {
  kernel_.attached = false;
  kernel_.attach_answer = BlindByAttach({ENOENT, "/cg/media", true, {}});
  auto source = Load(kernel_.attach_answer);
  EXPECT_EQ(source->Health().blindness.code, "cgroup_missing");
  kernel_.attach_answer = {};
  PollLater(*source);
  EXPECT_FALSE(source->Health().blindness.blind());
  EXPECT_THAT(source->Health().notes, IsEmpty());
}

TEST_F(KernelSourceTest, ARemovedCgroupBlindsUntilItIsBack) {
  auto source = Load();
  kernel_.attached = false;
  kernel_.attach_answer = BlindByAttach({ENOENT, "/cg/media", true, {}});
  PollLater(*source);
  EXPECT_EQ(source->Health().blindness.code, "cgroup_removed");
  PollLater(*source);
  EXPECT_EQ(source->Health().blindness.code, "cgroup_removed");
  kernel_.attach_answer = {};
  PollLater(*source);
  EXPECT_FALSE(source->Health().blindness.blind());
  EXPECT_THAT(source->Health().notes, Contains(HasSubstr("attached again 1 time ")));
}

TEST_F(KernelSourceTest, ALiveAttachmentIsLeftAlone) {
  auto source = Load();
  PollLater(*source);
  PollLater(*source);
  EXPECT_EQ(kernel_.attach_calls, 0);
}

TEST_F(KernelSourceTest, CountersThatCannotBeReadBlind) {
  auto source = Load();
  kernel_.readable = false;
  PollLater(*source);
  EXPECT_EQ(source->Health().blindness.code, "maps_unreadable");
  EXPECT_THAT(source->Health().blindness.text, HasSubstr("Operation not permitted"));
  kernel_.readable = true;
  PollLater(*source);
  EXPECT_FALSE(source->Health().blindness.blind());
}

TEST_F(KernelSourceTest, KernelForwardingBlinds) {
  std::string name = testing::TempDir() + "candor-proc-XXXXXX";
  options_.proc = mkdtemp(name.data());
  std::filesystem::create_directories(options_.proc + "/rtpengine/0");
  auto source = Load();
  EXPECT_EQ(source->Health().blindness.code, "kernel_forwarding");
  std::filesystem::remove_all(options_.proc);
}

TEST_F(KernelSourceTest, ActivityAndStatesComeFromTheKernel) {
  auto source = Load();
  kernel_.flows[7].phase = CANDOR_PHASE_ACTIVE;
  FlowState state{};
  ASSERT_TRUE(source->Lookup(KeyOf(7), &state));
  EXPECT_EQ(state.phase, CANDOR_PHASE_ACTIVE);
  EXPECT_EQ(source->Activity().last_out, TimeFromNanos(6));
}

}  // namespace
}  // namespace candor
