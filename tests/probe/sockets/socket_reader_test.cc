// SPDX-License-Identifier: Apache-2.0
#include "probe/sockets/socket_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_proc.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class SocketReaderTest : public testing::Test {
 protected:
  // A second later.
  const SocketEvidence& Read() {
    now_ += 1s;
    reader_.Read(fake_.cgroup());
    return reader_.evidence();
  }
  const SocketEvidence& ReadUntil(uint32_t namespaces) {
    for (int i = 0; i < 12 && Read().namespaces != namespaces; ++i) {
    }
    return reader_.evidence();
  }

  FakeProc fake_;
  Time now_ = TimeFromNanos(1'000'000'000);
  SocketReader reader_{fake_.proc(), [this] { return now_; }};
};

TEST_F(SocketReaderTest, CountsFromBeforeTheFirstReadingAreLeftOut) {
  fake_.Members("10\n");
  fake_.Counts(10, {1000, 500, 5, 2000, 20, 7});
  const SocketEvidence& e = Read();
  EXPECT_EQ(e.unavailable, "");
  EXPECT_EQ(e.namespaces, 1u);
  EXPECT_EQ(e.counts, (SocketCounts{now_, 0, 0, 0, 0, 0, 0}));
}

TEST_F(SocketReaderTest, AddsUpWhatWasTakenInSentAndLost) {
  fake_.Members("10\n");
  fake_.Counts(10, {1000, 50, 5, 2000, 20, 7});
  Read();
  fake_.Counts(10, {1100, 53, 6, 2200, 24, 17});
  Read();
  EXPECT_EQ(reader_.evidence().counts, (SocketCounts{now_, 100, 3, 1, 200, 4, 6}))
      << "what the full queue of a device discards is in both counters, and counts once";
  fake_.Counts(10, {1101, 53, 6, 2201, 24, 17});
  Read();
  EXPECT_EQ(reader_.evidence().counts, (SocketCounts{now_, 101, 3, 1, 201, 4, 6}));
}

TEST_F(SocketReaderTest, ProcessesOfOneNamespaceAreReadOnce) {
  fake_.Members("10\n11\n");
  fake_.Members("12\n", "/below");
  fake_.Counts(10, {});
  fake_.Joins(11, 10);
  fake_.Counts(12, {});
  EXPECT_EQ(Read().namespaces, 2u);
  fake_.Counts(10, {.in = 5});
  fake_.Counts(12, {.in = 7});
  EXPECT_EQ(Read().counts.received, 12u);
}

TEST_F(SocketReaderTest, ListsTheInodesByWhichTheBpfProgramFindsItsNamespaces) {
  fake_.Members("10\n11\n12\n");
  fake_.Counts(10, {});
  fake_.Counts(11, {});
  fake_.Counts(12, {});
  const uint32_t ten = fake_.NamespaceInode(10), eleven = fake_.NamespaceInode(11);
  Read();
  EXPECT_THAT(reader_.NamespaceInodes(), testing::UnorderedElementsAre(ten, eleven))
      << "of 12 it is not known";
  fake_.Ends(10);
  Read();
  EXPECT_THAT(reader_.NamespaceInodes(), testing::ElementsAre(eleven));
  const uint32_t twelve = fake_.NamespaceInode(12);
  ReadUntil(9);
  EXPECT_THAT(reader_.NamespaceInodes(), testing::UnorderedElementsAre(eleven, twelve))
      << "asked again with each search";
}

TEST_F(SocketReaderTest, AnotherProcessOfTheNamespaceGoesOnWhenOneEnds) {
  fake_.Members("10\n11\n");
  fake_.Counts(10, {});
  fake_.Joins(11, 10);
  Read();
  fake_.Counts(11, {.in = 5});  // the same file
  fake_.Ends(10);
  EXPECT_EQ(Read().counts.received, 5u);
  EXPECT_EQ(reader_.evidence().namespaces, 1u);
}

TEST_F(SocketReaderTest, ANumberTakenOverByAProcessElsewhereIsNotTheOldOne) {
  fake_.Members("10\n");
  fake_.Counts(10, {.in = 100});
  Read();
  fake_.Joins(11, 10);  // keeps the first file, and its inode, in use
  fake_.Ends(10);
  fake_.Counts(10, {.in = 100'000});
  EXPECT_EQ(Read().unavailable, "the processes in " + fake_.cgroup() + " have ended");
  EXPECT_EQ(ReadUntil(1).counts.received, 0u) << "starts with the counts of the other namespace";
  fake_.Counts(10, {.in = 100'001});
  EXPECT_EQ(Read().counts.received, 1u);
}

TEST_F(SocketReaderTest, ARestartedServerIsFoundWithinTwoSeconds) {
  fake_.Members("10\n");
  fake_.Counts(10, {.in = 100});
  Read();
  fake_.Ends(10);
  fake_.Members("");
  EXPECT_THAT(Read().unavailable, HasSubstr("have ended"));
  fake_.Members("20\n");
  fake_.Counts(20, {.in = 3});
  Read();
  EXPECT_EQ(Read().unavailable, "");
  EXPECT_EQ(reader_.evidence().namespaces, 1u);
}

TEST_F(SocketReaderTest, AServerThatStartsBesideOthersIsFoundWithinTenSeconds) {
  fake_.Members("10\n");
  fake_.Counts(10, {});
  Read();
  fake_.Members("10\n20\n");
  fake_.Counts(20, {});
  EXPECT_EQ(ReadUntil(2).namespaces, 2u);
}

TEST_F(SocketReaderTest, ACounterThatDecreasesIsSkippedForOneReading) {
  fake_.Members("10\n");
  fake_.Counts(10, {.in = 4'294'967'290, .rcvbuf_errors = 10});
  Read();
  fake_.Counts(10, {.in = 4, .rcvbuf_errors = 14});  // it wrapped round on a machine of 32 bits
  Read();
  EXPECT_EQ(reader_.evidence().counts, (SocketCounts{now_, 0, 0, 0, 0, 0, 0}));
  fake_.Counts(10, {.in = 9, .rcvbuf_errors = 15});
  Read();
  EXPECT_EQ(reader_.evidence().counts, (SocketCounts{now_, 5, 1, 0, 0, 0, 0}));
}

TEST_F(SocketReaderTest, TheBusiestSixteenNamespacesAreReadAndTheOthersAreReported) {
  std::string pids;
  for (int pid = 1; pid <= 20; ++pid) {
    pids += std::to_string(pid) + "\n";
    fake_.Counts(pid, {.in = static_cast<uint64_t>(pid) * 100});
  }
  fake_.Members(pids);
  EXPECT_EQ(Read().namespaces, 16u);
  EXPECT_THAT(reader_.Limits(), HasSubstr("16 busiest network namespaces, 4 more are not read"));
  fake_.Counts(20, {.in = 2001});
  fake_.Counts(1, {.in = 101});
  EXPECT_EQ(Read().counts.received, 1u);
}

TEST_F(SocketReaderTest, AnEmptyCgroupIsWaitedFor) {
  fake_.Members("");
  EXPECT_EQ(Read().unavailable, "no process is in " + fake_.cgroup() + " yet");
  EXPECT_EQ(reader_.evidence().counts.at, Time{});
  fake_.Members("10\n");
  fake_.Counts(10, {});
  EXPECT_EQ(ReadUntil(1).unavailable, "");
}

TEST_F(SocketReaderTest, HiddenAndForeignProcessesAreReportedWithTheRemedy) {
  fake_.Members("10\n");
  EXPECT_THAT(Read().unavailable, HasSubstr("mount it without hidepid"));
  fake_.Members("0\n");
  EXPECT_THAT((now_ += 10s, Read()).unavailable, HasSubstr("hostPID"));
}

TEST_F(SocketReaderTest, InvisibleProcessesBesideOthersAreReported) {
  fake_.Members("0\n10\n");
  fake_.Counts(10, {});
  EXPECT_EQ(Read().unavailable, "");
  EXPECT_THAT(reader_.Limits(), HasSubstr("leaves out 1 process of other PID namespaces"));
  fake_.Members("10\n");
  now_ += 10s;
  Read();
  EXPECT_EQ(reader_.Limits(), "");
}

TEST_F(SocketReaderTest, FilesThatDoNotParseAreNamed) {
  fake_.Members("10\n");
  FakeProc::Write(fake_.Net(10) + "/snmp", "Udp: InDatagrams\nUdp: many\n");
  EXPECT_THAT(Read().unavailable, HasSubstr("/10/net/snmp: net/snmp has no InDatagrams"));
  EXPECT_EQ(reader_.evidence().counts.at, Time{});
}

TEST_F(SocketReaderTest, FilesThatNoLongerParseEndTheEvidence) {
  fake_.Members("10\n");
  fake_.Counts(10, {});
  Read();
  FakeProc::Write(fake_.Net(10) + "/snmp", "");
  const Time last = now_;
  for (int i = 0; i < 3; ++i) Read();
  EXPECT_THAT(reader_.evidence().unavailable, HasSubstr("has no InDatagrams"));
  EXPECT_EQ(reader_.evidence().counts.at, last) << "the last figures keep their time";
}

TEST_F(SocketReaderTest, ASearchTakesNoMoreThanAThousandthOfTheTime) {
  fake_.Members("10\n");
  fake_.Counts(10, {});
  int readings = 0;
  SocketReader slow(fake_.proc(), [&] {
    ++readings;
    return now_ += 10ms;  // between any two looks at the clock, that is around the search too
  });
  slow.Read(fake_.cgroup());
  fake_.Members("10\n20\n");
  fake_.Counts(20, {});
  now_ += 9s;
  slow.Read(fake_.cgroup());
  EXPECT_EQ(slow.evidence().namespaces, 1u);
  now_ += 2s;
  slow.Read(fake_.cgroup());
  EXPECT_EQ(slow.evidence().namespaces, 2u) << "10 ms in 10 s";
}

}  // namespace
}  // namespace candor
