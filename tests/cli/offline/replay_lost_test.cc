// SPDX-License-Identifier: Apache-2.0
//
// `candorctl replay WIRE --socket-capture SOCKETS`: what one of them lacks was dropped in between.
#include <gtest/gtest.h>

#include <map>

#include "tests/cli/offline/replay_runs.h"
#include "tests/packets/packets.h"

namespace candor::cli {
namespace {

std::string Data(const std::string& name) { return std::string(CANDOR_TEST_DATA "/captures/") + name; }

// The two captures of one machine; packets in any order of time.
class Machine {
 public:
  enum class Seen { kBoth, kWire, kSockets };

  void Packet(double at, const FlowKey& key, candor_dir dir, const Bytes& payload, Seen seen) {
    const Bytes ip = Udp(key, dir, payload);
    if (seen != Seen::kSockets) wire_.emplace(at, ip);
    if (seen != Seen::kWire) sockets_.emplace(at, ip);
  }
  // A client of a network of its own that comes up.
  void Up(double at, int n) {
    const FlowKey key = KeyOfClient(n);
    const auto in = [&](double after, const Bytes& p) { Packet(at + after, key, CANDOR_IN, p, Seen::kBoth); };
    const auto out = [&](double after, const Bytes& p) {
      Packet(at + after, key, CANDOR_OUT, p, Seen::kBoth);
    };
    const Bytes finished = DtlsRecord(22, 1, Bytes(40, 9));
    in(0, Check(Name(n), 1, true));
    out(0.01, CheckAnswer(1));
    in(0.05, Handshake(1, 0));
    out(0.06, Handshake(2, 0) + Handshake(14, 1));
    in(0.1, Handshake(16, 1) + DtlsRecord(20, 0, {1}) + finished);
    out(0.11, DtlsRecord(20, 0, {1}) + finished);
    for (uint16_t i = 0; i < 20; ++i) {
      in(0.15 + i * 0.02, Rtp(7, i));
      out(0.16 + i * 0.02, Rtp(8, i));
    }
  }
  // One that asks for 3 s. `in`, `answer`: where each is seen; without an answer the node got nothing.
  void Asks(double at, int n, Seen in, std::optional<Seen> answer) {
    for (uint8_t i = 1; i <= 12; ++i) {
      Packet(at + i * 0.25, KeyOfClient(n), CANDOR_IN, Check(Name(n), i, true), in);
      if (answer) Packet(at + i * 0.25 + 0.001, KeyOfClient(n), CANDOR_OUT, CheckAnswer(i), *answer);
    }
  }
  Finished Replayed() const {
    ReplayArguments a;
    a.file = Write("wire.pcap", wire_);
    a.socket_capture = Write("sockets.pcap", sockets_);
    a.node = "192.0.2.1";
    a.json = true;
    return Replay(a);
  }

 private:
  static FlowKey KeyOfClient(int n) {
    const std::string address = std::to_string(100 + n % 90) + "." + std::to_string(n % 200) + ".0.7";
    return KeyOf("192.0.2.1", 7882, address, static_cast<uint16_t>(40000 + n));
  }
  static std::string Name(int n) { return "n" + std::to_string(n) + ":peer"; }
  static std::string Write(const char* name, const std::multimap<double, Bytes>& packets) {
    const testing::Writer w;
    Bytes content = w.PcapHeader(testing::kMicroMagic, 101);
    for (const auto& [at, ip] : packets) {
      const auto micros = static_cast<uint64_t>(at * 1e6);
      const Bytes record = w.PcapPacket(static_cast<uint32_t>(1'700'000'000 + micros / 1000000),
                                        static_cast<uint32_t>(micros % 1000000), ip);
      content.insert(content.end(), record.begin(), record.end());
    }
    return Written(name, content);
  }

  std::multimap<double, Bytes> wire_, sockets_;
};

// 150 clients that come up, three a second, and then 60 that are `lost`.
template <class Lost>
Finished Fault(Lost lost) {
  Machine m;
  for (int n = 0; n < 150; ++n) m.Up(n * 0.33, n);
  for (int n = 150; n < 210; ++n) lost(&m, n * 0.33, n);
  return m.Replayed();
}

TEST(ReplayLost, ANodeThatDropsWhatComesInIsFailingForThatReason) {
  const Finished f = Fault([](Machine* m, double at, int n) { m->Asks(at, n, Machine::Seen::kWire, {}); });
  EXPECT_EQ(f.code, kReplayComplete) << f.err;
  EXPECT_NE(f.out.find("\"FAILING\",\"reason\":\"dropped_here\""), std::string::npos) << f.out;
  EXPECT_NE(f.out.find("(not_delivered, in: "), std::string::npos) << f.out;
}

TEST(ReplayLost, ANodeWhoseAnswersDoNotReachTheWireIsFailingForThatReason) {
  const Finished f = Fault(
      [](Machine* m, double at, int n) { m->Asks(at, n, Machine::Seen::kBoth, Machine::Seen::kSockets); });
  EXPECT_EQ(f.code, kReplayComplete) << f.err;
  EXPECT_NE(f.out.find("\"FAILING\",\"reason\":\"dropped_here\""), std::string::npos) << f.out;
  EXPECT_NE(f.out.find("(not_delivered, out: "), std::string::npos) << f.out;
}

TEST(ReplayLost, OfARealHealthyNodeTheSecondCaptureChangesNothing) {
  ReplayArguments a;
  a.file = Data("00_healthy.wire.pcap");
  a.node = "10.99.0.1";
  a.json = true;
  const Finished alone = Replay(a);
  a.socket_capture = Data("00_healthy.sock.pcap");
  const Finished both = Replay(a);
  EXPECT_EQ(both.code, kReplayComplete) << both.err;
  EXPECT_EQ(alone.out, both.out);
}

TEST(ReplayLost, AMissingSecondCaptureAndStandardInputAreErrors) {
  ReplayArguments a;
  a.node = "10.99.0.1";
  a.file = Data("00_healthy.wire.pcap");
  a.socket_capture = "/does/not/exist";
  EXPECT_EQ(Replay(a).code, kReplayDamaged);
  a.file = "-";
  a.socket_capture = Data("00_healthy.sock.pcap");
  EXPECT_EQ(Replay(a).code, kReplayDamaged);
}

}  // namespace
}  // namespace candor::cli
