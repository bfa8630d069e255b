// SPDX-License-Identifier: Apache-2.0
#include "probe/kernel_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>

#include <deque>
#include <filesystem>
#include <future>
#include <map>

#include "base/unique_fd.h"
#include "fake_proc.h"
#include "probe/blindness.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

// What the kernel would hold, in plain containers; the test keeps it and the port points at it.
struct FakeKernel {
  std::deque<FlowEvent> ring;
  std::map<uint16_t, FlowState> flows;  // by local port
  Counters counters{};
  Blindness attach_answer;
  bool attached = true;
  bool owner = true;  // false: another candord reads the ring
  bool readable = true;
  int attach_calls = 0;
  int descriptor = -1;  // of the ring
  std::string target = "/cg/media";
};

FlowKey KeyOf(uint16_t port) {
  FlowKey k{};
  k.local_port = port;
  return k;
}

class FakePort final : public ProbePort {
 public:
  explicit FakePort(FakeKernel* kernel) : kernel_(kernel) {}
  Result<size_t> PollRing(Duration, const std::function<void(const FlowEvent&)>& sink) override {
    const auto events = std::exchange(kernel_->ring, {});
    for (const auto& e : events) sink(e);
    return events.size();
  }
  bool Look(const FlowKey& key, FlowState* state) override {
    const auto it = kernel_->flows.find(key.local_port);
    if (it == kernel_->flows.end()) return false;
    *state = it->second;
    return true;
  }
  bool Erase(const FlowKey& key) override { return kernel_->flows.erase(key.local_port) == 1; }
  Result<size_t> ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) override {
    for (const auto& [port, state] : kernel_->flows) visit(KeyOf(port), state);
    return kernel_->flows.size();
  }
  Result<Counters> ReadCounters() override {
    if (!kernel_->readable) return FailErrno("cannot read the counters", EPERM);
    return kernel_->counters;
  }
  NodeActivity ReadActivity() override { return {TimeFromNanos(5), TimeFromNanos(6)}; }
  Blindness Attach() override {
    ++kernel_->attach_calls;
    kernel_->attached = !kernel_->attach_answer.blind();
    return kernel_->attach_answer;
  }
  bool StillAttached() override { return kernel_->attached; }
  int RingDescriptor() const override { return kernel_->descriptor; }
  bool OwnsRing() override { return kernel_->owner; }
  std::string Target() const override { return kernel_->target; }

 private:
  FakeKernel* kernel_;
};

class KernelSourceTest : public testing::Test {
 protected:
  // A source whose loader answers `blindness` (of the attach), polled until it has taken the port over.
  std::unique_ptr<KernelSource> Loaded(Blindness blindness = {}, bool taken_over = false) {
    auto source = std::make_unique<KernelSource>(
        options_,
        [this, blindness, taken_over] {
          return candor::Loaded{std::make_unique<FakePort>(&kernel_), blindness, taken_over, {}};
        },
        [this] { return now_; });
    while (source->stage() == KernelSource::Stage::kLoading) Poll(*source);
    return source;
  }
  size_t Poll(KernelSource& source) {
    return source.Poll(10ms, [this](const FlowEvent& e) { heard_.push_back(e.key.local_port); }).value();
  }
  // One check interval later.
  void PollLater(KernelSource& source) {
    now_ += options_.check_interval;
    Poll(source);
  }

  ProbeOptions options_ = [] {
    ProbeOptions o;
    o.proc = "/nonexistent";
    return o;
  }();
  FakeKernel kernel_;
  Time now_ = TimeFromNanos(1'000'000'000);
  std::vector<uint16_t> heard_;
};

TEST_F(KernelSourceTest, AWakingEndsItsWait) {
  const UniqueFd silent(::eventfd(0, EFD_CLOEXEC));
  kernel_.descriptor = silent.get();
  auto source = Loaded();
  EXPECT_TRUE(source->CanWake());
  source->Wake();
  const Time began = MonotonicNow();
  ASSERT_TRUE(source->Poll(60s, [](const FlowEvent&) {}));
  EXPECT_LT(MonotonicNow() - began, Duration(30s));
}

TEST_F(KernelSourceTest, APortWithoutADescriptorCannotBeWoken) { EXPECT_FALSE(Loaded()->CanWake()); }

TEST_F(KernelSourceTest, DeliversWhatTheRingHolds) {
  auto source = Loaded();
  kernel_.ring = {{.key = KeyOf(1)}, {.key = KeyOf(2)}};
  EXPECT_EQ(Poll(*source), 2u);
  EXPECT_THAT(heard_, testing::ElementsAre(1, 2));
  EXPECT_FALSE(source->Health().blindness.blind());
  EXPECT_EQ(source->Health().target, "/cg/media");
}

TEST_F(KernelSourceTest, ALoadThatHangsIsBlindAtItsDeadlineAndTakenWhenItReturns) {
  std::promise<void> release;
  KernelSource source(
      options_,
      [&] {
        release.get_future().wait();
        return candor::Loaded{std::make_unique<FakePort>(&kernel_), {}, false, {}};
      },
      [this] { return now_; });
  Poll(source);
  EXPECT_EQ(source.Health().blindness.code, "loading");
  now_ += options_.load_deadline;
  Poll(source);
  EXPECT_EQ(source.Health().blindness.code, "load_timeout");
  EXPECT_FALSE(source.Look(KeyOf(1), nullptr));
  release.set_value();
  while (source.stage() == KernelSource::Stage::kLoading) Poll(source);
  EXPECT_FALSE(source.Health().blindness.blind());
  EXPECT_THAT(source.Health().notes, Contains(HasSubstr("took 10 s")));
}

TEST_F(KernelSourceTest, ALoadThatFailedSaysWhyForGood) {
  KernelSource source(
      options_,
      [] {
        return candor::Loaded{nullptr, BlindWithoutCgroup2(), false, {}};
      },
      [this] { return now_; });
  while (source.stage() == KernelSource::Stage::kLoading) Poll(source);
  now_ += 2 * options_.load_deadline;
  EXPECT_EQ(Poll(source), 0u);
  EXPECT_EQ(source.stage(), KernelSource::Stage::kFailed);
  EXPECT_EQ(source.Health().blindness.code, "no_cgroup2");
}

TEST_F(KernelSourceTest, ReadsWhatSocketsLoseOnceASecond) {
  auto source = Loaded();
  EXPECT_EQ(source->Sockets(), SocketCounts{});
  EXPECT_THAT(source->Health().sockets.unavailable, HasSubstr("cannot open /cg/media/cgroup"));
  FakeProc fake;
  fake.Members("10\n");
  fake.Counts(10, {.in = 5});
  kernel_.target = fake.cgroup();
  options_.proc = fake.proc();
  source = Loaded();
  EXPECT_EQ(source->Sockets().at, now_);
  fake.Counts(10, {.in = 9, .rcvbuf_errors = 3});
  Poll(*source);
  EXPECT_EQ(source->Sockets().received, 0u) << "not every turn";
  PollLater(*source);
  EXPECT_EQ(source->Sockets().received, 4u);
  EXPECT_EQ(source->Health().sockets.counts.dropped_full, 3u);
  EXPECT_EQ(source->Health().sockets.unavailable, "");
}

TEST_F(KernelSourceTest, SocketEvidenceThatIsNotWantedOrHasNoCgroupSaysSo) {
  FakeProc fake;
  fake.Members("10\n");
  fake.Counts(10, {});
  kernel_.target = fake.cgroup();
  options_.proc = fake.proc();
  auto source = Loaded();
  kernel_.attached = false;
  kernel_.attach_answer = {"cgroup_missing", "none"};
  PollLater(*source);
  EXPECT_THAT(source->Health().sockets.unavailable, HasSubstr("not attached"));
  EXPECT_EQ(source->Sockets(), SocketCounts{});
  options_.socket_evidence = false;
  EXPECT_THAT(Loaded()->Health().sockets.unavailable, HasSubstr("socket_evidence: false"));
}

TEST_F(KernelSourceTest, LostEventsBlindUntilTheMapWasRead) {
  auto source = Loaded();
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
  EXPECT_THAT(source->Health().blindness.text, HasSubstr("1 flow events"));
}

TEST_F(KernelSourceTest, WhatIsLostDuringTheReadingNeedsAnother) {
  auto source = Loaded();
  kernel_.flows[7] = {};
  kernel_.counters[CANDOR_C_RING_FULL] = 3;
  source->ForEach([&](const FlowKey&, const FlowState&) { kernel_.counters[CANDOR_C_RING_FULL] = 5; });
  PollLater(*source);
  EXPECT_EQ(source->Health().blindness.code, "ring_overflow");
}

TEST_F(KernelSourceTest, ASweepOvertakesTheEventsThatWaitInTheRing) {
  auto source = Loaded();
  kernel_.ring = {{.key = KeyOf(1)}};
  source->ForEach([](const FlowKey&, const FlowState&) {});
  EXPECT_EQ(Poll(*source), 0u);
  EXPECT_THAT(heard_, IsEmpty());
}

TEST_F(KernelSourceTest, WhatAnEarlierProcessSawIsReadBeforeTheRing) {
  kernel_.ring = {{.key = KeyOf(1)}};
  kernel_.flows[7] = {};
  kernel_.counters[CANDOR_C_FLOWS_NEW] = 50;
  kernel_.counters[CANDOR_C_RING_FULL] = 3;
  auto source = Loaded({}, true);
  EXPECT_EQ(source->Health().blindness.code, "catching_up");
  EXPECT_TRUE(source->NeedsSweep());
  PollLater(*source);
  EXPECT_THAT(heard_, IsEmpty());
  source->ForEach([](const FlowKey&, const FlowState&) {});
  EXPECT_FALSE(source->NeedsSweep());
  PollLater(*source);
  EXPECT_FALSE(source->Health().blindness.blind());
  EXPECT_EQ(source->Health().flows_evicted, 0u) << "what went before it came is not its to count";
  EXPECT_THAT(source->Health().notes, IsEmpty());
}

TEST_F(KernelSourceTest, WhileAnotherReadsTheRingItGoesByTheMapAlone) {
  kernel_.owner = false;
  auto source = Loaded({}, true);
  kernel_.ring = {{.key = KeyOf(1)}};
  source->ForEach([](const FlowKey&, const FlowState&) {});
  PollLater(*source);
  EXPECT_FALSE(source->Health().blindness.blind());
  EXPECT_TRUE(source->NeedsSweep()) << "again and again";
  EXPECT_THAT(heard_, IsEmpty());
  EXPECT_EQ(kernel_.ring.size(), 1u) << "the events are the other's";
  kernel_.owner = true;
  PollLater(*source);
  EXPECT_EQ(source->Health().blindness.code, "catching_up");
  source->ForEach([](const FlowKey&, const FlowState&) {});
  kernel_.ring = {{.key = KeyOf(2)}};
  PollLater(*source);
  EXPECT_THAT(heard_, testing::ElementsAre(2));
  EXPECT_FALSE(source->NeedsSweep());
}

TEST_F(KernelSourceTest, CountsOpenAndEvictedFlowsWithEachSweep) {
  auto source = Loaded();
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
  auto source = Loaded(kernel_.attach_answer);
  EXPECT_EQ(source->Health().blindness.code, "cgroup_missing");
  kernel_.attach_answer = {};
  PollLater(*source);
  EXPECT_FALSE(source->Health().blindness.blind());
  EXPECT_THAT(source->Health().notes, IsEmpty());
}

TEST_F(KernelSourceTest, ARemovedCgroupBlindsUntilItIsBack) {
  auto source = Loaded();
  kernel_.attached = false;
  kernel_.attach_answer = BlindByAttach({ENOENT, "/cg/media", true, {}});
  PollLater(*source);
  EXPECT_EQ(source->Health().blindness.code, "cgroup_removed");
  PollLater(*source);
  EXPECT_EQ(source->Health().blindness.code, "cgroup_removed");
  kernel_.attach_answer = {};
  PollLater(*source);
  EXPECT_FALSE(source->Health().blindness.blind());
  EXPECT_THAT(source->Health().notes, Contains(HasSubstr("attached again 1 times")));
}

TEST_F(KernelSourceTest, ALiveAttachmentIsLeftAlone) {
  auto source = Loaded();
  PollLater(*source);
  PollLater(*source);
  EXPECT_EQ(kernel_.attach_calls, 0);
}

TEST_F(KernelSourceTest, CountersThatCannotBeReadBlind) {
  auto source = Loaded();
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
  auto source = Loaded();
  EXPECT_EQ(source->Health().blindness.code, "kernel_forwarding");
  std::filesystem::remove_all(options_.proc);
}

TEST_F(KernelSourceTest, ActivityAndStatesComeFromTheKernel) {
  auto source = Loaded();
  kernel_.flows[7].phase = CANDOR_PHASE_ACTIVE;
  FlowState state{};
  ASSERT_TRUE(source->Look(KeyOf(7), &state));
  EXPECT_EQ(state.phase, CANDOR_PHASE_ACTIVE);
  EXPECT_EQ(source->Activity().last_out, TimeFromNanos(6));
}

}  // namespace
}  // namespace candor
