// SPDX-License-Identifier: Apache-2.0
//
// Rows of packets through the loaded programs (BPF_PROG_TEST_RUN). Each row has packets and the expected end.
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "fast_path_counts.h"
#include "program_rows.h"

namespace candor {
namespace {

const FlowKey kV4 = KeyOf("192.0.2.1", 7882, "198.51.100.7", 40000);
const FlowKey kV6 = KeyOf("2001:db8::1", 7882, "2001:db8:7::9", 40000);
const FlowKey kPlain = KeyOf("192.0.2.1", 30000, "198.51.100.7", 30002);

std::vector<Packet> Nominated(const FlowKey& k) {
  return {In(k, Check("node:peer", 1, true)), Out(k, CheckAnswer(1))};
}
std::vector<Packet> Secured(const FlowKey& k) {
  const Bytes finished = DtlsRecord(22, 1, Bytes(40, 9));
  return Then(Nominated(k), {In(k, Handshake(1, 0)), Out(k, Handshake(2, 0) + Handshake(14, 1)),
                             In(k, Handshake(16, 1) + DtlsRecord(20, 0, {1}) + finished),
                             Out(k, DtlsRecord(20, 0, {1}) + finished)});
}
std::vector<Packet> Active(const FlowKey& k) {
  return Then(Secured(k), {In(k, Rtp(7, 100)), Out(k, Rtcp(8))});
}

// NOLINTNEXTLINE(readability-function-size): one table.
std::vector<Row> IceRows() {
  return {
      {"a check in offers and waits on the node",
       kV4,
       {In(kV4, Check("node:peer", 1, false))},
       CANDOR_PHASE_OFFERED,
       CANDOR_WAITING_ON_NODE,
       CANDOR_F_CREDENTIALED,
       {{CANDOR_C_STUN, 1}, {CANDOR_C_FLOWS_NEW, 1}},
       1},
      {"its answer acknowledges",
       kV4,
       {In(kV4, Check("node:peer", 1, false)), Out(kV4, CheckAnswer(1))},
       CANDOR_PHASE_ANSWERED,
       CANDOR_WAITING_ON_NONE,
       CANDOR_F_ACKNOWLEDGED | CANDOR_F_CHECK_ANSWERED,
       {},
       2},
      {"USE-CANDIDATE nominates",
       kV4,
       Nominated(kV4),
       CANDOR_PHASE_NOMINATED,
       CANDOR_WAITING_ON_NONE,
       CANDOR_F_NOMINATE_IN,
       {{CANDOR_C_STUN, 2}},
       2},
      {"the same over IPv6",
       kV6,
       Nominated(kV6),
       CANDOR_PHASE_NOMINATED,
       CANDOR_WAITING_ON_NONE,
       CANDOR_F_ACKNOWLEDGED,
       {{CANDOR_C_STUN, 2}},
       2},
      {"a check out waits on the peer",
       kV4,
       {Out(kV4, Check("peer:node", 1, false))},
       CANDOR_PHASE_OFFERED,
       CANDOR_WAITING_ON_PEER,
       CANDOR_F_NODE_CHECKS,
       {},
       1},
      {"a refusal is kept with its code",
       kV4,
       {In(kV4, Check("node:peer", 1, false)), Out(kV4, CheckError(1, 401))},
       CANDOR_PHASE_OFFERED,
       CANDOR_WAITING_ON_NONE,
       CANDOR_F_STUN_ERROR_OUT,
       {},
       2},
      {"the same request after the answer waits on the path",
       kV4,
       Then(Nominated(kV4), {In(kV4, Check("node:peer", 1, true))}),
       CANDOR_PHASE_NOMINATED,
       CANDOR_WAITING_ON_PATH,
       0,
       {},
       3},
      {"a binding request without USERNAME starts no flow",
       kV4,
       {In(kV4, Stun(0x0001, 1, {}))},
       -1,
       0,
       0,
       {{CANDOR_C_STUN, 1}},
       0},
      {"STUN with a wrong length is unparsed",
       kV4,
       {In(kV4, Stun(0x0001, 1, Bytes(8, 0))),
        In(kV4, Bytes{0, 1, 0, 99, 0x21, 0x12, 0xA4, 0x42} + Bytes(12, 0))},
       -1,
       0,
       0,
       {{CANDOR_C_UNPARSED, 1}, {CANDOR_C_STUN, 1}},
       0},
  };
}

std::vector<Row> MediaRows() {
  return {
      {"DTLS both ways secures",
       kV4,
       Secured(kV4),
       CANDOR_PHASE_SECURED,
       CANDOR_WAITING_ON_NONE,
       CANDOR_F_EPOCH_IN | CANDOR_F_EPOCH_OUT,
       {{CANDOR_C_DTLS, 4}},
       6},
      {"media both ways activates",
       kV4,
       Active(kV4),
       CANDOR_PHASE_ACTIVE,
       CANDOR_WAITING_ON_NONE,
       CANDOR_F_MEDIA_IN | CANDOR_F_MEDIA_OUT,
       {{CANDOR_C_MEDIA, 2}},
       8},
      {"an active flow's media sends no event",
       kV4,
       Then(Active(kV4), {In(kV4, Rtp(7, 101)), Out(kV4, Rtcp(8)), In(kV4, Rtp(7, 102))}),
       CANDOR_PHASE_ACTIVE,
       CANDOR_WAITING_ON_NONE,
       0,
       {{CANDOR_C_MEDIA, 5}},
       8},
      {"application data both ways activates",
       kV6,
       Then(Secured(kV6),
            {In(kV6, DtlsRecord(23, 1, Bytes(30, 1))), Out(kV6, DtlsRecord(23, 1, Bytes(30, 1)))}),
       CANDOR_PHASE_ACTIVE,
       CANDOR_WAITING_ON_NONE,
       CANDOR_F_DATA_IN | CANDOR_F_DATA_OUT,
       {{CANDOR_C_DTLS, 6}},
       8},
      {"a plaintext alert out is a refusal",
       kV4,
       Then(Nominated(kV4), {In(kV4, Handshake(1, 0)), Out(kV4, PlainAlert(40))}),
       CANDOR_PHASE_NOMINATED,
       CANDOR_WAITING_ON_NONE,
       CANDOR_F_ALERT_OUT,
       {{CANDOR_C_DTLS, 2}},
       4},
      {"plain RTP both ways activates after its probation",
       kPlain,
       {In(kPlain, Rtp(7, 1)), In(kPlain, Rtp(7, 2)), Out(kPlain, Rtp(9, 50))},
       CANDOR_PHASE_ACTIVE,
       CANDOR_WAITING_ON_NONE,
       CANDOR_F_RTP_VALID | CANDOR_F_RTP_IN | CANDOR_F_RTP_OUT,
       {{CANDOR_C_MEDIA, 3}},
       1},
      {"segments of a super-packet are counted",
       kPlain,
       {{CANDOR_IN, Udp(kPlain, CANDOR_IN, Rtp(7, 1)), 12}},
       CANDOR_PHASE_NONE,
       CANDOR_WAITING_ON_NONE,
       0,
       {{CANDOR_C_PACKETS, 12}, {CANDOR_C_MEDIA, 12}},
       0},
  };
}

// NOLINTNEXTLINE(readability-function-size): one table.
std::vector<Row> HeaderRows() {
  const Bytes check = Check("node:peer", 1, false);
  Bytes later_fragment = Udp(kV4, CANDOR_IN, check);
  later_fragment[7] = 5;
  Bytes first_fragment = Udp(kV4, CANDOR_IN, check);
  first_fragment[6] = 0x20;
  Bytes cut_header = Udp(kV4, CANDOR_IN, check);
  cut_header.resize(25);
  Bytes nine_headers;
  for (const uint8_t next : Bytes{60, 60, 60, 60, 60, 60, 60, 60, 17}) {
    nine_headers = nine_headers + Bytes{next, 0, 1, 4, 0, 0, 0, 0};
  }
  const Bytes hop_and_fragment = Bytes{44, 0, 1, 4, 0, 0, 0, 0} + Bytes{17, 0, 0, 1, 0, 0, 0, 1};
  return {
      {"IPv4 options are stepped over",
       kV4,
       {{CANDOR_IN, UdpBehind(kV4, CANDOR_IN, 17, Bytes(8, 1), check)}},
       CANDOR_PHASE_OFFERED,
       CANDOR_WAITING_ON_NODE,
       0,
       {{CANDOR_C_STUN, 1}},
       1},
      {"a first fragment has ports",
       kV4,
       {{CANDOR_IN, first_fragment}},
       CANDOR_PHASE_OFFERED,
       CANDOR_WAITING_ON_NODE,
       0,
       {{CANDOR_C_FRAGMENTS, 0}},
       1},
      {"a later fragment has none and is counted",
       kV4,
       {{CANDOR_IN, later_fragment}},
       -1,
       0,
       0,
       {{CANDOR_C_FRAGMENTS, 1}, {CANDOR_C_PACKETS, 0}},
       0},
      {"hop-by-hop and fragment headers are stepped over",
       kV6,
       {{CANDOR_IN, UdpBehind(kV6, CANDOR_IN, 0, hop_and_fragment, check)}},
       CANDOR_PHASE_OFFERED,
       CANDOR_WAITING_ON_NODE,
       0,
       {{CANDOR_C_STUN, 1}},
       1},
      {"more extension headers than are walked are counted",
       kV6,
       {{CANDOR_IN, UdpBehind(kV6, CANDOR_IN, 60, nine_headers, check)}},
       -1,
       0,
       0,
       {{CANDOR_C_EXT_CUT, 1}},
       0},
      {"TCP is not followed",
       kV4,
       {{CANDOR_IN, UdpBehind(kV4, CANDOR_IN, 6, {}, check)}},
       -1,
       0,
       0,
       {{CANDOR_C_PACKETS, 0}, {CANDOR_C_UNPARSED, 0}},
       0},
      {"a packet that ends in its UDP header is unparsed",
       kV4,
       {{CANDOR_IN, cut_header}},
       -1,
       0,
       0,
       {{CANDOR_C_UNPARSED, 1}},
       0},
      {"an empty datagram is unknown", kV4, {In(kV4, {})}, -1, 0, 0, {{CANDOR_C_UNKNOWN, 1}}, 0},
  };
}

TEST_F(ProgramTest, FollowsIce) {
  for (const auto& row : IceRows()) Expect(row);
}

TEST_F(ProgramTest, FollowsMedia) {
  for (const auto& row : MediaRows()) Expect(row);
}

TEST_F(ProgramTest, ReadsHeaders) {
  for (const auto& row : HeaderRows()) Expect(row);
}

TEST_F(ProgramTest, AnActiveFlowsFastPathMovesClocksAndCounters) {
  Program& program = Program::Shared();
  std::vector<FlowEvent> events;
  for (const auto& p : Active(kV4)) program.Run(now_, p.dir, p.ip, 1, &events);
  const Time later = now_ + std::chrono::seconds(3);
  program.Run(later, CANDOR_IN, Udp(kV4, CANDOR_IN, Rtp(7, 101)), 5, &events);
  FlowState flow{};
  ASSERT_TRUE(program.Lookup(kV4, &flow));
  EXPECT_EQ(flow.last_media_in_ns, NanosOf(later));
  EXPECT_EQ(flow.last_in_ns, NanosOf(later));
  EXPECT_EQ(flow.last_media_out_ns, NanosOf(now_));
  EXPECT_EQ(flow.media_packets[CANDOR_IN], 6u);
  EXPECT_EQ(program.Activity().last_in, later);
}

TEST_F(ProgramTest, TheFastPathTakesMediaOfActiveFlowsAndNothingElseOfThem) {
  Program& program = Program::Shared();
  std::vector<FlowEvent> events;
  const auto fast_by = [&](const Bytes& ip) {
    const auto before = program.FastPathCounts()[CANDOR_C_MEDIA];
    program.Run(now_, CANDOR_IN, ip, 1, &events);
    return program.FastPathCounts()[CANDOR_C_MEDIA] - before;
  };
  const Bytes media = Udp(kV4, CANDOR_IN, Rtp(7, 101));
  EXPECT_EQ(fast_by(media), 0u) << "no flow yet";
  for (const auto& p : Active(kV4)) program.Run(now_, p.dir, p.ip, 1, &events);
  const uint64_t one = TestRunShowsHeaders() ? 1 : 0;  // otherwise only SocketsTest covers the fast path
  EXPECT_EQ(fast_by(media), one);
  EXPECT_EQ(fast_by(Udp(kV4, CANDOR_IN, Rtcp(7))), one);
  EXPECT_EQ(fast_by(Udp(kV4, CANDOR_IN, Check("node:peer", 9, false))), 0u);
  EXPECT_EQ(fast_by(Udp(kV4, CANDOR_IN, DtlsRecord(23, 1, Bytes(30, 1)))), 0u);
  EXPECT_EQ(fast_by(UdpBehind(kV4, CANDOR_IN, 17, Bytes(8, 1), Rtp(7, 102))), 0u) << "IPv4 options";
  Bytes cut_short = Rtp(7, 103);
  cut_short.resize(9);
  EXPECT_EQ(fast_by(Udp(kV4, CANDOR_IN, cut_short)), 0u);
}

TEST_F(ProgramTest, NeedsLessThanHalfOfTheVerifiersLimit) {
  for (const auto dir : {CANDOR_IN, CANDOR_OUT}) {
    const uint32_t followed = Program::Shared().VerifiedInstructions(dir);
    RecordProperty(dir == CANDOR_IN ? "ingress_instructions" : "egress_instructions",
                   static_cast<int>(followed));
    EXPECT_GT(followed, 0u);
    EXPECT_LT(followed, 500000u);  // of a million
  }
}

TEST_F(ProgramTest, AnEventCarriesTheWholeNewState) {
  Program& program = Program::Shared();
  std::vector<FlowEvent> events;
  program.Run(now_, CANDOR_IN, Udp(kV4, CANDOR_IN, Check("node:peer", 1, false)), 1, &events);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].at, now_);
  EXPECT_EQ(UfragText(events[0].flow), "node");
  FlowState flow{};
  ASSERT_TRUE(program.Lookup(kV4, &flow));
  EXPECT_EQ(std::memcmp(&flow, &events[0].flow, sizeof flow), 0);
}

}  // namespace
}  // namespace candor
