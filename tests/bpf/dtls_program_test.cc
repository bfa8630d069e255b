// SPDX-License-Identifier: Apache-2.0
//
// The scenarios of tests/packets/dtls_scenarios.h through the loaded programs: in every encoding the kernel
// reaches the same state as user space, whose end tests/flow/dtls_scenarios_test.cc checks.
#include <gtest/gtest.h>

#include <cstring>

#include "flow/flow_table.h"
#include "program_rows.h"
#include "tests/packets/dtls_packets.h"
#include "tests/packets/dtls_scenarios.h"

namespace candor {
namespace {

const FlowKey kIce = KeyOf("192.0.2.1", 7882, "198.51.100.7", 40000);
const FlowKey kPlain = KeyOf("192.0.2.1", 30000, "198.51.100.7", 30002);

class DtlsProgramTest : public ProgramTest {
 protected:
  void ExpectTheSame(DtlsScenario scenario, const DtlsEncoding& encoding) {
    SCOPED_TRACE(NameOf(scenario) + NameOf(encoding));
    Program::Shared().Reset();
    FlowTable table{FlowTableOptions{}};
    now_ += std::chrono::minutes(1);
    for (const ScenarioPacket& p : PacketsOf(scenario, encoding)) {
      const Time at = now_ + std::chrono::milliseconds(p.at_ms);
      const Bytes ip = Udp(kIce, p.dir, p.payload);
      std::vector<FlowEvent> events;
      FlowEvent event;
      ASSERT_EQ(Program::Shared().Run(at, p.dir, ip, 1, &events), 1u);
      ASSERT_EQ(table.Packet(at, p.dir, ip, ip.size(), 1, &event), !events.empty());
    }
    FlowState kernel{}, user{};
    ASSERT_TRUE(Program::Shared().Lookup(kIce, &kernel));
    ASSERT_TRUE(table.Lookup(kIce, &user));
    kernel.sock_cookie = 0;
    kernel.cgroup_id = 0;
    EXPECT_EQ(std::memcmp(&kernel, &user, sizeof user), 0);
  }
};

TEST_F(DtlsProgramTest, EveryScenarioEndsInTheKernelAsInUserSpace) {
  for (int s = 0; s <= static_cast<int>(DtlsScenario::kNodeRefuses); ++s) {
    for (const bool node_client : {false, true}) {
      for (const int version : {12, 13}) {
        for (const size_t cid : {0, 8})
          ExpectTheSame(static_cast<DtlsScenario>(s), {version, cid, false, false, false, node_client});
        ExpectTheSame(static_cast<DtlsScenario>(s), {version, 0, true, false, false, node_client});
        ExpectTheSame(static_cast<DtlsScenario>(s), {version, 0, false, true, false, node_client});
      }
      ExpectTheSame(static_cast<DtlsScenario>(s), {13, 0, false, false, true, node_client});
    }
  }
}

std::vector<Packet> Greeted13() {
  return {In(kIce, Check("node:peer", 1, true)),
          Out(kIce, CheckAnswer(1)),
          In(kIce, Handshake(1, 0)),
          Out(kIce, Handshake(2, 0) + Hidden(2, 700)),
          In(kIce, Hidden(2, 700, 0) + Hidden(2, 61, 0)),
          Out(kIce, Hidden(3, 35))};
}

TEST_F(DtlsProgramTest, Rows) {
  const std::vector<Row> rows = {
      {"DTLS 1.3 is secured by the server's ACK, which is no data",
       kIce,
       Then(Greeted13(), {In(kIce, Rtp(7, 1))}),
       CANDOR_PHASE_SECURED,
       CANDOR_WAITING_ON_NODE,
       CANDOR_F_EPOCH_IN | CANDOR_F_EPOCH_OUT | CANDOR_F_MEDIA_IN | CANDOR_F_BEGAN,
       {{CANDOR_C_DTLS, 4}},
       7},
      {"the first RTP of a direction is an event on an active flow",
       kIce,
       Then(Greeted13(), {In(kIce, Rtcp(7)), Out(kIce, Rtcp(8)), In(kIce, Rtp(7, 1)), In(kIce, Rtp(7, 2)),
                          Out(kIce, Rtp(8, 1)), Out(kIce, Rtp(8, 2))}),
       CANDOR_PHASE_ACTIVE,
       CANDOR_WAITING_ON_NONE,
       CANDOR_F_RTP_IN | CANDOR_F_RTP_OUT,
       {{CANDOR_C_MEDIA, 6}},
       10},
      {"what has no clock is no RTP",
       kPlain,
       {In(kPlain, RtpOf({.sequence = 1})), Out(kPlain, RtpOf({.sequence = 1})),
        In(kPlain, RtpOf({.sequence = 2})), Out(kPlain, RtpOf({.sequence = 2}))},
       CANDOR_PHASE_NONE,
       CANDOR_WAITING_ON_NONE,
       CANDOR_F_MEDIA_IN,
       {{CANDOR_C_MEDIA, 4}},
       0},
  };
  for (const Row& row : rows) Expect(row);
}

TEST_F(DtlsProgramTest, AnotherSsrcAfterAPauseLeavesTheFastPathAndIsAnotherCall) {
  Program& program = Program::Shared();
  std::vector<FlowEvent> events;
  const auto talk = [&](uint32_t in, uint32_t out) {
    for (uint16_t i = 1; i < 10; ++i) {
      now_ += std::chrono::milliseconds(20);
      program.Run(now_, CANDOR_IN, Udp(kPlain, CANDOR_IN, Rtp(in, i)), 1, &events);
      program.Run(now_, CANDOR_OUT, Udp(kPlain, CANDOR_OUT, Rtp(out, i)), 1, &events);
    }
  };
  talk(7, 8);
  now_ += std::chrono::seconds(5);
  talk(7, 8);
  FlowState flow{};
  ASSERT_TRUE(program.Lookup(kPlain, &flow));
  EXPECT_EQ(flow.generation, 0);
  now_ += std::chrono::seconds(5);
  talk(9, 10);
  ASSERT_TRUE(program.Lookup(kPlain, &flow));
  EXPECT_EQ(flow.generation, 1);
  EXPECT_EQ(flow.phase, CANDOR_PHASE_ACTIVE);
}

}  // namespace
}  // namespace candor
