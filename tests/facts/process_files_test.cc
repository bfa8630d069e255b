// SPDX-License-Identifier: Apache-2.0
#include "facts/process_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_machine.h"

namespace candor {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

class ProcessFilesTest : public testing::Test {
 protected:
  ProcessFacts Read(const std::vector<int>& pids, int second) {
    const auto facts = files_.Read(pids, false, {Time(seconds(second)), seconds(second), threads_});
    EXPECT_TRUE(facts.known()) << facts.unknown();
    return *facts;
  }
  FakeMachine machine_;
  ProcessFiles files_{machine_.proc(), 100};
  bool threads_ = true;
};

TEST_F(ProcessFilesTest, AProcessIsStoppedWhereAllItsThreadsAre) {
  machine_.Process(12, "janus", 'T', 500);
  EXPECT_THAT(Read({12}, 100).stopped, ElementsAre(ProcessName{12, "janus"}));
  machine_.Write("proc/12/task/13/stat", "13 (janus) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 500 0 0\n");
  EXPECT_THAT(Read({12}, 101).stopped, IsEmpty());
}

TEST_F(ProcessFilesTest, WithoutThreadsAStoppedProcessIsStillSeen) {
  threads_ = false;
  machine_.Process(12, "janus", 'T', 500);
  EXPECT_THAT(Read({12}, 100).stopped, ElementsAre(ProcessName{12, "janus"}));
  machine_.Process(12, "janus", 'D', 500);
  EXPECT_THAT(Read({12}, 101).blocked, IsEmpty());
  EXPECT_THAT(Read({12}, 102).blocked, IsEmpty()) << "not looked at";
}

TEST_F(ProcessFilesTest, AThreadIsBlockedWhereItWaitsForADeviceInTwoReadings) {
  machine_.Process(12, "janus", 'D', 500);
  EXPECT_THAT(Read({12}, 100).blocked, IsEmpty());
  EXPECT_THAT(Read({12}, 101).blocked, ElementsAre(ProcessName{12, "janus"}));
}

TEST_F(ProcessFilesTest, AServerThatIsReplacedAgainAndAgainRestarts) {
  machine_.Process(12, "janus", 'S', 500);
  EXPECT_EQ(Read({12}, 100).restarts, 0u);
  machine_.Process(13, "janus", 'S', 13000);
  const ProcessFacts once = Read({13}, 131);
  EXPECT_EQ(once.restarts, 1u);
  EXPECT_EQ(once.youngest, (ProcessName{13, "janus"}));
  EXPECT_EQ(once.age, seconds(1));
  machine_.Process(14, "janus", 'S', 13300);
  EXPECT_EQ(Read({14}, 134).restarts, 2u);
  EXPECT_EQ(Read({14}, 250).restarts, 0u) << "it stays";
}

TEST_F(ProcessFilesTest, AllProcessesAreReplacedWhereNoneIsLeft) {
  machine_.Process(12, "janus", 'S', 500);
  machine_.Process(30, "ffmpeg", 'S', 500);
  EXPECT_EQ(Read({12, 30}, 100).replaced, 0u);
  machine_.Process(31, "ffmpeg", 'S', 13000);
  const ProcessFacts helper = Read({12, 31}, 131);
  EXPECT_EQ(helper.restarts, 1u);
  EXPECT_EQ(helper.replaced, 0u) << "a helper's end cuts no call";
  machine_.Process(13, "janus", 'S', 14000);
  EXPECT_EQ(Read({13}, 141).replaced, 1u);
  EXPECT_EQ(Read({}, 142).replaced, 1u) << "it has ended, and is not there yet again";
  machine_.Process(14, "janus", 'S', 14300);
  EXPECT_EQ(Read({14}, 144).replaced, 2u);
  EXPECT_EQ(Read({14}, 144 + 61).replaced, 0u);
}

TEST_F(ProcessFilesTest, ProcessesThatWereNeverSeenAreNotGone) {
  const auto facts = files_.Read({}, false, {Time(seconds(100)), seconds(100), true});
  EXPECT_FALSE(facts.known()) << "of another PID namespace, or in another cgroup";
}

TEST_F(ProcessFilesTest, OfAPartOfTheProcessesNoRestartIsCounted) {
  for (int i = 0; i < 10; ++i) {
    machine_.Process(12 + i, "janus", 'S', 500);
    const auto facts = files_.Read({12 + i}, true, {Time(seconds(100 + i)), seconds(100 + i), true});
    EXPECT_EQ(facts->restarts + facts->replaced, 0u);
  }
}

TEST_F(ProcessFilesTest, TheTimeWithoutAnyProcessIsThatOfTheReadings) {
  machine_.Process(12, "janus", 'S', 500);
  EXPECT_EQ(Read({12}, 100).gone, seconds(0));
  EXPECT_EQ(Read({}, 101).gone, seconds(0));
  EXPECT_EQ(Read({}, 104).gone, seconds(3));
  machine_.Process(13, "janus", 'S', 10400);
  EXPECT_EQ(Read({13}, 105).gone, seconds(0));
  EXPECT_EQ(Read({}, 106).gone, seconds(0)) << "another end";
}

TEST_F(ProcessFilesTest, AHelperOfEachCallAndASecondWorkerAreNoRestarts) {
  machine_.Process(12, "ffmpeg", 'S', 9900);
  EXPECT_EQ(Read({12}, 100).restarts, 0u);
  machine_.Process(13, "ffmpeg", 'S', 10100);
  EXPECT_EQ(Read({13}, 101).restarts, 0u) << "it never stayed";
  machine_.Process(20, "janus", 'S', 500);
  EXPECT_EQ(Read({20}, 130).restarts, 0u);
  machine_.Process(21, "janus", 'S', 16000);
  EXPECT_EQ(Read({20, 21}, 170).restarts, 0u);
}

TEST_F(ProcessFilesTest, TheProcessNearestToItsLimitOfDescriptorsIsNamed) {
  machine_.Process(12, "janus", 'S', 500);
  machine_.Process(13, "nginx", 'S', 500);
  for (int fd = 0; fd < 5; ++fd) machine_.Write("proc/13/fd/" + std::to_string(fd), "");
  machine_.Write("proc/12/fd/0", "");
  const auto d = files_.ReadDescriptors({12, 13}, true);
  ASSERT_TRUE(d.known()) << d.unknown();
  EXPECT_EQ(d->limit, 1024u);
  EXPECT_GT(d->used, 0u);
  EXPECT_FALSE(files_.ReadDescriptors({}, true).known());
}

TEST_F(ProcessFilesTest, DescriptorsAreCountedOneByOneOnlyWhereThatIsAskedFor) {
  machine_.Process(12, "janus", 'S', 500);
  // As /proc/PID/fd of Linux before 6.2: the size tells nothing.
  machine_.Link("proc/12/fd", "/proc/self/task");
  ASSERT_EQ(machine_.SizeOf("proc/12/fd"), 0);
  EXPECT_FALSE(files_.ReadDescriptors({12}, false).known());
  const auto d = files_.ReadDescriptors({12}, true);
  ASSERT_TRUE(d.known()) << d.unknown();
  EXPECT_GE(d->used, 1u);
}

TEST_F(ProcessFilesTest, ZombiesAndEndedProcessesAreNotRunning) {
  machine_.Process(12, "janus", 'Z', 500);
  const ProcessFacts f = Read({12, 99}, 100);
  EXPECT_EQ(f.processes, 0u);
  EXPECT_EQ(f.zombies, 1u);
}

}  // namespace
}  // namespace candor
