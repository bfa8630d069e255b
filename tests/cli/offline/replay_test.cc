// SPDX-License-Identifier: Apache-2.0
//
// The command as a whole, on captures of real servers and on files written here.
#include "cli/offline/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/cli/offline/replay_runs.h"

namespace candor::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using testing::operator+;  // NOLINT(misc-unused-using-decls): operators are not seen

ReplayArguments Of(const std::string& capture) {
  ReplayArguments a;
  a.file = std::string(CANDOR_TEST_DATA "/captures/") + capture;
  a.node = "10.99.0.1";
  a.flags.trusted = "10.99.0.0/16";
  return a;
}

testing::Bytes Content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return testing::Bytes(std::istreambuf_iterator<char>(in), {});
}

TEST(Replay, SaysWhenFailingWouldHaveBeenReported) {
  const Finished r = Replay(Of("01_dtls_egress_nft.wire.pcap"));
  EXPECT_EQ(r.code, kReplayComplete);
  EXPECT_EQ(r.err, "");
  EXPECT_THAT(r.out, HasSubstr("Candor would have reported FAILING at 2026-11-22 14:25:0"));
  EXPECT_THAT(r.out, HasSubstr("FAILING    not serving  waiting_on_node"));
  EXPECT_THAT(r.out, HasSubstr("60 attempts: 45 active, 15 stalled by the node"));
  EXPECT_THAT(r.out, HasSubstr("THE WORST 10 OF 15"));
}

TEST(Replay, SaysThatAHealthyNodeNeverFailed) {
  const Finished r = Replay(Of("00_healthy.wire.pcap"));
  EXPECT_EQ(r.code, kReplayComplete);
  EXPECT_THAT(r.out, HasSubstr("Candor would not have reported FAILING; the last verdict is HEALTHY."));
  EXPECT_THAT(r.out, Not(HasSubstr("WORST")));
}

TEST(Replay, JsonIsOneObjectALineWithTheSummaryLast) {
  ReplayArguments a = Of("01_dtls_egress_nft.wire.pcap");
  a.json = a.attempts = true;
  const Finished r = Replay(a);
  std::istringstream lines(r.out);
  std::string line, last;
  int verdicts = 0, attempts = 0;
  while (std::getline(lines, line)) {
    verdicts += line.starts_with("{\"type\":\"verdict\"") ? 1 : 0;
    attempts += line.starts_with("{\"type\":\"attempt\"") ? 1 : 0;
    last = line;
  }
  EXPECT_GE(verdicts, 3) << "UNKNOWN, HEALTHY, FAILING";
  EXPECT_EQ(attempts, 60);
  EXPECT_THAT(
      last,
      AllOf(StartsWith("{\"type\":\"summary\",\"packets\":3739,\"unparsed\":0,\"attempts\":60,\"active\":45"),
            HasSubstr("\"first_failing\":17953575")));
}

TEST(Replay, TheSameCaptureAlwaysGetsTheSameAnswer) {
  ReplayArguments a = Of("31_pion_dtls_egress_net.wire.pcap");
  a.json = a.attempts = true;
  EXPECT_EQ(Replay(a).out, Replay(a).out);
}

TEST(Replay, ANodeThatSaysItIsDownIsNotServingWithAnyVerdict) {
  ReplayArguments a = Of("00_healthy.wire.pcap");
  a.json = true;
  EXPECT_THAT(Replay(a).out, Not(HasSubstr("\"serving\":false")));
  a.self_report = "down";
  EXPECT_THAT(Replay(a).out, AllOf(HasSubstr("\"state\":\"HEALTHY\""), Not(HasSubstr("\"serving\":true"))));
}

TEST(Replay, ANodeThatIsNotInTheCaptureIsAnErrorWithSuggestions) {
  ReplayArguments a = Of("00_healthy.wire.pcap");
  a.node = "192.0.2.1";
  const Finished r = Replay(a);
  EXPECT_EQ(r.code, kReplayBadArguments);
  EXPECT_EQ(r.out, "");
  EXPECT_THAT(r.err, HasSubstr("NOTHING WAS JUDGED: none of 4752 packets is from or to --node 192.0.2.1"));
  EXPECT_THAT(r.err, HasSubstr("--node 10.99.0.1 "));
}

TEST(Replay, PortsThatTheNodeDoesNotUseAreAnError) {
  ReplayArguments a = Of("00_healthy.wire.pcap");
  a.ports = "1-2";
  const Finished r = Replay(a);
  EXPECT_EQ(r.code, kReplayBadArguments);
  EXPECT_THAT(
      r.err, HasSubstr("NOTHING WAS JUDGED: of 4752 packets of 10.99.0.1 none is UDP on the node's --ports"));
}

TEST(Replay, OfADamagedFileWhatCameBeforeIsJudgedAndTheByteIsNamed) {
  testing::Bytes content = Content(Of("00_healthy.wire.pcap").file);
  content.resize(300007);
  ReplayArguments a = Of("");
  a.file = Written("cut.pcap", content);
  a.json = true;
  const Finished r = Replay(a);
  EXPECT_EQ(r.code, kReplayDamaged);
  EXPECT_THAT(r.out, HasSubstr("\"type\":\"summary\",\"packets\":2897,"));
  EXPECT_THAT(r.out, HasSubstr("\"damage\":\""));
  EXPECT_THAT(r.err, AllOf(HasSubstr("cut.pcap: at byte 300000: expected a packet's header of 16 bytes"),
                           HasSubstr("the file ends after 7 of them")));
}

TEST(Replay, WhatIsNoCaptureIsAnErrorOfTheFile) {
  const struct {
    testing::Bytes content;
    const char* error;
  } rows[] = {
      {{}, "at byte 0: the file is empty"},
      {{'n', 'o', 'n', 'e'}, "at byte 0: not a capture"},
      {{0xd4, 0xc3, 0xb2, 0xa1, 2, 0}, "at byte 0: expected a pcap file header of 24 bytes"},
  };
  for (const auto& row : rows) {
    ReplayArguments a = Of("");
    a.file = Written("wrong.pcap", row.content);
    const Finished r = Replay(a);
    EXPECT_EQ(r.code, kReplayDamaged);
    EXPECT_THAT(r.err, HasSubstr(row.error));
    EXPECT_EQ(r.out, "");
  }
  ReplayArguments missing = Of("nosuch.pcap");
  EXPECT_EQ(Replay(missing).code, kReplayDamaged);
}

TEST(Replay, BadArgumentsAreNamedBeforeAnythingIsRead) {
  ReplayArguments a = Of("00_healthy.wire.pcap");
  a.node = "me";
  const Finished r = Replay(a);
  EXPECT_EQ(r.code, kReplayBadArguments);
  EXPECT_THAT(r.err, StartsWith("candorctl replay: --node: 'me' is not an IP address"));
}

// Packets decades apart take no time, and the clock stops at the last one.
TEST(Replay, GapsOfDecadesTakeNoTime) {
  const testing::Writer w;
  testing::Bytes content = w.PcapHeader(testing::kMicroMagic, 101);
  for (const uint32_t at : {1000u, 1000000000u, 4000000000u}) {
    content =
        content + w.PcapPacket(at, 0, testing::Udp4(0x0a630002, 5000, 0x0a630001, 6000, testing::Rtp(1, 1)));
    content =
        content + w.PcapPacket(at, 0, testing::Udp4(0x0a630001, 6000, 0x0a630002, 5000, testing::Rtp(1, 2)));
  }
  ReplayArguments a = Of("");
  a.file = Written("torn.pcap", content);
  const Finished r = Replay(a);
  EXPECT_EQ(r.code, kReplayComplete) << r.err;
  EXPECT_THAT(r.out, HasSubstr("6 packets, 1970-01-01 00:16:40.000Z to 2096-10-02 07:06:40.000Z"));
  EXPECT_THAT(r.out,
              HasSubstr("2 times the clock jumps ahead, by at most 34722 d 5 h (the first is packet 3)"));
}

TEST(Replay, TheHelpHasACaptureCommandAndEveryExitCode) {
  EXPECT_THAT(kReplayHelp,
              AllOf(HasSubstr("tcpdump -i eth0 -s 128 -w incident.pcap udp"), HasSubstr("--trusted"),
                    HasSubstr("Exit codes: 0"), HasSubstr("1 bad arguments"), HasSubstr("2 the file")));
}

}  // namespace
}  // namespace candor::cli
