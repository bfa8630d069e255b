// SPDX-License-Identifier: Apache-2.0
// TURN through the loaded programs.
#include "program_rows.h"
#include "tests/packets/turn_packets.h"

namespace candor {
namespace {

std::vector<Row> TurnRows() {
  const FlowKey server = KeyOf("192.0.2.1", 3478, "198.51.100.7", 40000);
  const FlowKey client = KeyOf("2001:db8::1", 40000, "2001:db8:7::9", 3478);
  const std::vector<Packet> allocated = {
      In(server, Allocate(1, false)),
      Out(server, TurnError(3, 1, 401, false)),
      In(server, Allocate(2, true)),
      Out(server, AllocateSuccess(2, "192.0.2.1", 50001)),
  };
  const Bytes check = Check("peer:node", 1, true);
  return {
      {"an allocation is answered after its normal 401",
       server,
       allocated,
       CANDOR_PHASE_ANSWERED,
       CANDOR_WAITING_ON_NONE,
       CANDOR_F_TURN_SERVER | CANDOR_F_ACKNOWLEDGED,
       {{CANDOR_C_STUN, 4}, {CANDOR_C_INNER, 0}},
       2},
      {"relayed both ways it is active, and every inner packet is counted once",
       server,
       Then(allocated, {In(server, Permit(3)), Out(server, TurnSuccess(8, 3)),
                        In(server, SendIndication(Rtp(7, 1))), Out(server, ChannelData(Rtp(8, 1)))}),
       CANDOR_PHASE_ACTIVE,
       CANDOR_WAITING_ON_NONE,
       CANDOR_F_TURN_USED | CANDOR_F_MEDIA_IN | CANDOR_F_MEDIA_OUT,
       {{CANDOR_C_STUN, 7}, {CANDOR_C_CHANNEL_DATA, 1}, {CANDOR_C_INNER, 2}, {CANDOR_C_MEDIA, 0}},
       6},
      {"a candidate of the node's that is relayed is nominated inside the envelope",
       client,
       {Out(client, Allocate(1, false)), Out(client, SendIndication(check)),
        In(client, ChannelData(CheckAnswer(1)))},
       CANDOR_PHASE_NOMINATED,
       CANDOR_WAITING_ON_NONE,
       CANDOR_F_TURN_CLIENT | CANDOR_F_NODE_CHECKS,
       {{CANDOR_C_STUN, 2}, {CANDOR_C_CHANNEL_DATA, 1}, {CANDOR_C_INNER, 2}},
       2},
      {"envelopes without a seen Allocate are counted and start no flow",
       client,
       {Out(client, SendIndication(check)), In(client, ChannelData(CheckAnswer(1)))},
       -1,
       0,
       0,
       {{CANDOR_C_INNER, 2}},
       0},
  };
}

TEST_F(ProgramTest, FollowsTurn) {
  for (const auto& row : TurnRows()) Expect(row);
}

}  // namespace
}  // namespace candor
