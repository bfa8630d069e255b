// SPDX-License-Identifier: Apache-2.0
#include "probe/sessions/session_counter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_sessions.h"
#include "probe/sessions/session_probe.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class SessionCounterTest : public testing::Test {
 protected:
  SessionCounterTest() { counter_.Take({std::make_unique<FakeSessions>(&kernel_), ""}); }
  const SessionCounts& ReadAt(Duration at) {
    counter_.Read(Time(at), {5}, "");
    return counter_.counts();
  }
  // So many ports that have accepted one connection each.
  void Fill(size_t ports) {
    kernel_.reading.ports.clear();
    for (size_t i = 0; i < ports; ++i) kernel_.reading.ports.push_back({1, static_cast<uint16_t>(i + 1), 1});
  }

  FakeSessions::Kernel kernel_;
  SessionCounter counter_;
};

TEST_F(SessionCounterTest, ReadsWhatTheKernelCountedAndWhen) {
  kernel_.reading.ports = {{77, 8088, 3}};
  const SessionCounts& counts = ReadAt(5s);
  EXPECT_EQ(counts.unavailable, "");
  EXPECT_EQ(counts.at, Time(5s));
  EXPECT_THAT(counts.ports, ElementsAre(PortSessions{77, 8088, 3}));
  EXPECT_THAT(kernel_.namespaces, ElementsAre(5u));
}

TEST_F(SessionCounterTest, WithoutNamespacesItSaysWhy) {
  counter_.Read(Time(1s), {}, "the probes are not attached to a cgroup");
  EXPECT_EQ(counter_.counts().unavailable, "the probes are not attached to a cgroup");
  counter_.Read(Time(2s), {}, "");
  EXPECT_THAT(counter_.counts().unavailable, HasSubstr("/proc/PID/net/stat"));
  EXPECT_THAT(kernel_.namespaces, testing::IsEmpty());
}

TEST_F(SessionCounterTest, AFailedReadingSaysWhyAndTheNextOneEndsIt) {
  kernel_.readable = false;
  EXPECT_THAT(ReadAt(1s).unavailable, HasSubstr("cannot read"));
  kernel_.readable = true;
  EXPECT_EQ(ReadAt(2s).unavailable, "");
}

TEST_F(SessionCounterTest, TheSumOfAllPortsNeverFalls) {
  kernel_.reading.ports = {{77, 8088, 3}, {77, 5060, 2}};
  EXPECT_EQ(ReadAt(1s).accepted, 5u);
  kernel_.reading.ports = {{77, 8088, 4}};
  kernel_.reading.uncounted = 10;
  EXPECT_EQ(ReadAt(2s).accepted, 16u);
  EXPECT_EQ(ReadAt(3s).accepted, 16u);
  kernel_.reading.ports = {{77, 8088, 1}};  // the port was removed and came again
  EXPECT_EQ(ReadAt(4s).accepted, 16u);
  kernel_.reading.ports = {{77, 8088, 2}};
  EXPECT_EQ(ReadAt(5s).accepted, 17u);
}

TEST_F(SessionCounterTest, WhenThereAreManyPortsThoseIdleForAnHourMakeRoom) {
  Fill(SessionCounter::kManyPorts + 1);
  ReadAt(1s);
  kernel_.reading.ports[0].accepted = 2;
  EXPECT_EQ(ReadAt(1h).ports.size(), SessionCounter::kManyPorts + 1) << "not idle for an hour yet";
  EXPECT_THAT(ReadAt(1h + 1s).ports, ElementsAre(PortSessions{1, 1, 2}));
  EXPECT_EQ(kernel_.reading.ports.size(), 1u) << "removed from the kernel's map";
  EXPECT_EQ(counter_.counts().accepted, SessionCounter::kManyPorts + 2);
}

TEST_F(SessionCounterTest, FewPortsStayHoweverIdle) {
  Fill(SessionCounter::kManyPorts);
  ReadAt(1s);
  EXPECT_EQ(ReadAt(100h).ports.size(), SessionCounter::kManyPorts);
}

TEST_F(SessionCounterTest, AProbeThatLoadsLateIsTakenThen) {
  bool returned = false;
  SessionCounter counter;
  counter.Take({nullptr, "it hangs", [&]() -> std::optional<LoadedSessions> {
                  if (!returned) return std::nullopt;
                  return LoadedSessions{std::make_unique<FakeSessions>(&kernel_), ""};
                }});
  counter.Read(Time(1s), {5}, "");
  EXPECT_EQ(counter.counts().unavailable, "it hangs");
  returned = true;
  counter.Read(Time(2s), {5}, "");
  EXPECT_EQ(counter.counts().unavailable, "");
}

// Never runs its work, as a load that hangs in the kernel.
void Hang(const std::function<void()>&) {}

TEST(AwaitSessionProbe, ABlockedLoadIsReportedAndNotJoined) {
  const LoadedSessions loaded = AwaitSessionProbe({}, 10ms, &Hang);
  EXPECT_FALSE(loaded.reader);
  EXPECT_THAT(loaded.unavailable, HasSubstr("has not returned"));
  ASSERT_TRUE(loaded.late);
  EXPECT_FALSE(loaded.late());
}

TEST(AwaitSessionProbe, WhatIsNotWantedIsNotLoaded) {
  ProbeOptions options;
  options.session_counts = false;
  EXPECT_THAT(AwaitSessionProbe(options, 10s, &Hang).unavailable, HasSubstr("session_counts: false"));
  options.session_counts = true;
  options.socket_evidence = false;
  EXPECT_THAT(AwaitSessionProbe(options, 10s, &Hang).unavailable, HasSubstr("socket_evidence: false"));
}

}  // namespace
}  // namespace candor
