// SPDX-License-Identifier: Apache-2.0
//
// Captures as operators bring them: inside a mirror's envelope, cut too short, of one direction only, with a
// broken clock. The node is 192.0.2.10 in all.
#include "cli/offline/replay_usability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "replay/capture_file/capture_reader.h"
#include "tests/cli/offline/replay_runs.h"
#include "tests/replay/layers/encapsulated_bytes.h"

namespace candor::cli {
namespace {

using ::testing::AllOf;
using testing::Bytes;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::operator+;  // NOLINT(misc-unused-using-decls): operators are not seen

constexpr const char* kNode = "192.0.2.10";

std::string Data(const std::string& name) { return std::string(CANDOR_TEST_DATA "/captures/") + name; }

Finished ReplayFile(const std::string& path, bool json = false, const std::string& node = kNode) {
  ReplayArguments a;
  a.file = path;
  a.node = node;
  a.json = a.attempts = json;
  return Replay(a);
}

// The frames of an Ethernet capture with their times, and the IP packets in them.
struct Recorded {
  uint64_t micros = 0;
  Bytes frame, ip;
};
std::vector<Recorded> FramesOf(const std::string& path) {
  auto reader = CaptureReader::Open(path);
  EXPECT_TRUE(reader) << reader.error().message;
  std::vector<Recorded> out;
  CapturedPacket p;
  for (auto more = reader->Next(&p); more && *more; more = reader->Next(&p)) {
    const Bytes frame(p.bytes.begin(), p.bytes.end());
    out.push_back({NanosOf(p.time) / 1000, frame, Bytes(frame.begin() + 14, frame.end())});
  }
  return out;
}

// A copy of the file with each frame changed by `change` and cut at `snap_length`.
template <class Change>
std::string Rewritten(const std::string& name, const std::vector<Recorded>& frames, size_t snap_length,
                      const Change& change) {
  const testing::Writer w;
  Bytes content = w.PcapHeader(testing::kMicroMagic, 1);
  for (const Recorded& r : frames) {
    Bytes frame = change(r);
    const auto wire = static_cast<uint32_t>(frame.size());
    if (frame.size() > snap_length) frame.resize(snap_length);
    content = content + w.PcapPacket(static_cast<uint32_t>(r.micros / 1000000),
                                     static_cast<uint32_t>(r.micros % 1000000), frame, wire);
  }
  return Written(name, content);
}

class WrappedCapture : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(WrappedCapture, IsReadAndSaysInsideWhat) {
  const auto& [file, name] = GetParam();
  const Finished r = ReplayFile(Data(file));
  EXPECT_EQ(r.code, kReplayComplete) << r.err;
  EXPECT_THAT(r.out, HasSubstr(std::string("9 packets were read inside ") + name));
  EXPECT_THAT(r.out, HasSubstr("1 attempts: 0 active")) << "the peer's media only: secured, not active";
  EXPECT_THAT(r.out, HasSubstr("secured           1  100 %"));
}

INSTANTIATE_TEST_SUITE_P(All, WrappedCapture,
                         ::testing::Values(std::pair{"wrapped_in_vxlan.pcap", "VXLAN"},
                                           std::pair{"wrapped_in_pppoe.pcap", "PPPoE"},
                                           std::pair{"wrapped_in_mpls.pcap", "MPLS"}));

// Three active calls, put into each encapsulation: every attempt as without.
TEST(ReplayUsable, WhateverStandsAroundPacketsTheAttemptsAreTheSame) {
  const auto frames = FramesOf(Data("impossible_timestamp.pcap"));
  const size_t kinds = testing::EveryEncapsulation(frames[0].ip).size();
  for (size_t kind = 0; kind < kinds; ++kind) {
    const auto wrap = [&](const Recorded& r) { return testing::EveryEncapsulation(r.ip)[kind].frame; };
    const Finished r = ReplayFile(Rewritten("encapsulated.pcap", frames, 65535, wrap));
    const std::string what = testing::EveryEncapsulation(frames[0].ip)[kind].what;
    EXPECT_EQ(r.code, kReplayComplete) << what << ": " << r.err;
    EXPECT_THAT(r.out, AllOf(HasSubstr("3 attempts: 3 active"), HasSubstr("72 packets were read inside ")))
        << what;
  }
}

// A host that captures on all its interfaces, or that mirrors its own packets, holds each twice.
TEST(ReplayUsable, ACopyInsideAMirrorIsNotASecondPacket) {
  const auto plain = FramesOf(Data("impossible_timestamp.pcap"));
  const auto frame = [](const Recorded& f) { return f.frame; };
  const std::string once = ReplayFile(Rewritten("once.pcap", plain, 65535, frame), true).out;
  std::vector<Recorded> twice;
  for (const Recorded& r : plain) {
    twice.push_back(r);
    twice.push_back(r);
    twice.back().frame = testing::Ethernet4(testing::Ip4(47, testing::Erspan2(r.frame)));
  }
  const Finished both = ReplayFile(Rewritten("twice.pcap", twice, 65535, frame), true);
  EXPECT_THAT(both.out, AllOf(HasSubstr("\"copies\":72"), HasSubstr("\"attempts\":3,\"active\":3")));
  EXPECT_EQ(both.out.substr(0, both.out.find("{\"type\":\"summary\"")),
            once.substr(0, once.find("{\"type\":\"summary\"")));
}

TEST(ReplayUsable, TheEndOfATunnelIsNotTheNodeAndTheAddressesInsideAreNamed) {
  const Finished r = ReplayFile(Data("wrapped_in_vxlan.pcap"), false, "198.51.100.2");
  EXPECT_EQ(r.code, kReplayBadArguments);
  EXPECT_THAT(r.err, AllOf(HasSubstr("none of 9 packets is from or to --node 198.51.100.2"),
                           HasSubstr("--node is an outer address of 9 packets"),
                           HasSubstr("--node 192.0.2.10 "), Not(HasSubstr("--node 198.51.100.1 "))));
}

TEST(ReplayUsable, WhatIsNotReadIsNamed) {
  const auto frames = FramesOf(Data("impossible_timestamp.pcap"));
  const auto wrap = [&](const Recorded& r) { return testing::Ethernet4(testing::Ip4(50, r.ip)); };
  const Finished r = ReplayFile(Rewritten("esp.pcap", frames, 65535, wrap));
  EXPECT_EQ(r.code, kReplayBadArguments);
  EXPECT_THAT(r.err, HasSubstr("72 packets are inside IPsec ESP, which is not read"));
}

TEST(ReplayUsable, ACaptureWithoutPayloadSaysSoAndHowToDoBetter) {
  const Finished r = ReplayFile(Data("no_payload.pcap"));
  EXPECT_EQ(r.code, kReplayBadArguments);
  EXPECT_EQ(r.out, "");
  EXPECT_THAT(r.err,
              AllOf(HasSubstr("NOTHING WAS JUDGED: the capture holds no payload: of 9 UDP packets of --node "
                              "192.0.2.10, 9 were cut before their payload"),
                    HasSubstr("tcpdump -s 200 or more")));
  EXPECT_THAT(ReplayFile(Data("no_payload.pcap"), true).out,
              AllOf(HasSubstr("\"unusable\":\"no_payload\""), HasSubstr("\"no_payload\":9"),
                    Not(HasSubstr("\"type\":\"verdict\""))));
}

// With any snap length either the attempts are right, or the result is that payloads are cut short.
TEST(ReplayUsable, EverySnapLengthIsEnoughOrComplainedOf) {
  const auto frames = FramesOf(Data("impossible_timestamp.pcap"));
  for (size_t snap_length = 1; snap_length < 200; ++snap_length) {
    const Finished r =
        ReplayFile(Rewritten("short.pcap", frames, snap_length, [](const Recorded& f) { return f.frame; }));
    const bool right = r.code == kReplayComplete && r.out.find("3 attempts: 3 active") != std::string::npos;
    EXPECT_TRUE(right || r.err.find("tcpdump -s 200") != std::string::npos) << snap_length << "\n"
                                                                            << r.out << r.err;
    EXPECT_TRUE(right || snap_length < 128) << snap_length << ": the help calls 128 bytes enough";
    EXPECT_TRUE(snap_length > 42 || r.code == kReplayBadArguments) << snap_length << ": nothing to judge";
  }
}

TEST(ReplayUsable, OfOneDirectionOnlyNoVerdictIsDrawn) {
  const Finished r = ReplayFile(Data("one_direction.pcap"));
  EXPECT_EQ(r.code, kReplayBadArguments);
  EXPECT_EQ(r.out, "");
  EXPECT_THAT(
      r.err,
      AllOf(HasSubstr("no packet from the node is in this capture: all 380 packets of --node 192.0.2.10 "
                      "are to it"),
            HasSubstr("on 20 of 20 flows the peer sent what follows only an answer")));
  const Finished json = ReplayFile(Data("one_direction.pcap"), true);
  EXPECT_THAT(json.out,
              AllOf(HasSubstr("\"unusable\":\"one_direction\""), HasSubstr("\"final_state\":\"UNKNOWN\""),
                    HasSubstr("\"flows_missing_out\":20"), HasSubstr("\"attempts\":0"),
                    Not(HasSubstr("\"type\":\"verdict\"")), Not(HasSubstr("\"type\":\"attempt\""))));
}

TEST(ReplayUsable, OfTheNodesPacketsOnlyTheSameHoldsTheOtherWayRound) {
  const auto frames = FramesOf(Data("impossible_timestamp.pcap"));
  std::vector<Recorded> out;
  for (const Recorded& r : frames) {
    if (Bytes(r.ip.begin() + 12, r.ip.begin() + 16) == Bytes{192, 0, 2, 10}) out.push_back(r);
  }
  const Finished r = ReplayFile(Rewritten("out.pcap", out, 65535, [](const Recorded& f) { return f.frame; }));
  EXPECT_EQ(r.code, kReplayBadArguments);
  EXPECT_THAT(r.err,
              HasSubstr("no packet to the node is in this capture: all 27 packets of --node 192.0.2.10 "
                        "are from it"));
}

// A recorder only receives, and a dead node does not send: the capture does not distinguish them.
TEST(ReplayUsable, WithoutProofOfTheOtherDirectionItIsJudgedAndWarnedOf) {
  const Finished r = ReplayFile(Data("recorder_in_only.pcap"), true);
  EXPECT_EQ(r.code, kReplayComplete) << r.err;
  EXPECT_THAT(r.out, AllOf(HasSubstr("\"unusable\":null"), HasSubstr("\"type\":\"verdict\"")));
  EXPECT_THAT(r.err, AllOf(HasSubstr("no packet from the node is in this capture"),
                           HasSubstr("either only one direction was captured"),
                           HasSubstr("or the node sent nothing during the capture")));
}

// One packet back shows that both directions were captured: later silence is that of the node.
TEST(ReplayUsable, ANodeThatSpokeOnceIsJudged) {
  auto frames = FramesOf(Data("one_direction.pcap"));
  const auto other = FramesOf(Data("impossible_timestamp.pcap"));
  frames.insert(frames.begin() + 1, other[1]);
  frames[1].micros = frames[0].micros + 1000;
  const Finished r =
      ReplayFile(Rewritten("spoke.pcap", frames, 65535, [](const Recorded& f) { return f.frame; }), true);
  EXPECT_EQ(r.code, kReplayComplete) << r.err;
  EXPECT_THAT(r.out, AllOf(HasSubstr("\"unusable\":null"), HasSubstr("\"type\":\"verdict\"")));
  EXPECT_THAT(r.err, HasSubstr("lack one direction in this capture"))
      << "and the missing answers are complained of";
}

TEST(ReplayUsable, AnImpossibleTimestampIsNotedAndReadOver) {
  const Finished r = ReplayFile(Data("impossible_timestamp.pcap"));
  EXPECT_EQ(r.code, kReplayComplete) << r.err;
  EXPECT_EQ(r.err, "");
  EXPECT_THAT(r.out, AllOf(HasSubstr("72 packets"), HasSubstr("3 attempts: 3 active"),
                           HasSubstr("1 packet with an invalid time"), HasSubstr("the first is packet 5")));
}

// A clock that is torn in the middle of the calls changes nothing of them.
TEST(ReplayUsable, TornClocksChangeNoAttempt) {
  const auto whole = FramesOf(Data("impossible_timestamp.pcap"));
  for (const int64_t off : {-1000000000ll, -3600ll, 3600ll, 1000000000ll}) {
    for (const bool for_good : {false, true}) {
      auto frames = whole;
      for (size_t i = 20; i < (for_good && off < 0 ? frames.size() : 21); ++i) {
        frames[i].micros += static_cast<uint64_t>(off * 1000000);
      }
      const Finished r =
          ReplayFile(Rewritten("torn.pcap", frames, 65535, [](const Recorded& f) { return f.frame; }));
      EXPECT_EQ(r.code, kReplayComplete) << r.err;
      EXPECT_THAT(r.out, HasSubstr("3 attempts: 3 active")) << off << " for good: " << for_good;
      EXPECT_THAT(r.out, HasSubstr("the first is packet 21")) << off << " for good: " << for_good;
    }
  }
}

TEST(ReplayUsable, ANodeOfSeveralAddressesAndNetworksIsOneNode) {
  EXPECT_THAT(
      ReplayFile(Data("impossible_timestamp.pcap"), false, "203.0.113.5,192.0.2.0/28,2001:db8::/32").out,
      HasSubstr("3 attempts: 3 active"));
}

TEST(ReplayUsable, ANetworkThatHoldsTheClientsTooIsNoticed) {
  const Finished r = ReplayFile(Data("impossible_timestamp.pcap"), false, "192.0.2.10,100.64.0.0/10");
  EXPECT_THAT(r.out, HasSubstr("72 packets between two addresses of --node"));
}

}  // namespace
}  // namespace candor::cli
