// SPDX-License-Identifier: Apache-2.0
#include "tests/packets/dtls_scenarios.h"

#include <array>
#include <utility>

#include "tests/packets/dtls_packets.h"
#include "tests/packets/turn_packets.h"

namespace candor {
namespace {

candor_dir Other(candor_dir dir) { return dir == CANDOR_IN ? CANDOR_OUT : CANDOR_IN; }

class Dialog {
 public:
  Dialog(const DtlsEncoding& encoding, int who)
      : t_(encoding),
        client_(encoding.node_client ? CANDOR_OUT : CANDOR_IN),
        node_("node" + std::to_string(who)),
        peer_("peer" + std::to_string(who)),
        ssrc_(static_cast<uint32_t>(1000 + who)) {}

  std::vector<ScenarioPacket> Take() { return std::move(packets_); }
  candor_dir client() const { return client_; }
  candor_dir server() const { return Other(client_); }

  void Nominate() {
    if (t_.channel) Raw(CANDOR_OUT, Allocate(1, true));
    if (t_.sped) return;  // the checks carry the handshake
    Send(CANDOR_IN, Check(node_ + ":" + peer_, 1, true), 1);
    Send(CANDOR_OUT, CheckAnswer(1), 40);
  }
  void Hello() { Flight(client_, Handshake(1, 0), 20); }
  void ServerFlight() {
    if (!v13()) return Flight(server(), Handshake(2, 0) + Handshake(11, 1) + Handshake(14, 2), 20);
    Flight(server(), Handshake(2, 0) + Hidden(2, 30, t_.cid) + Hidden(2, 700, t_.cid), 20);
  }
  void ClientFlight() {
    if (!v13()) return Flight(client_, Handshake(11, 1) + Handshake(16, 2) + End12(), 20);
    Flight(client_, Hidden(2, 700, t_.cid) + Hidden(2, 61, t_.cid), 20);
  }
  void ServerEnd() {
    if (!v13()) return Flight(server(), End12(), 20);
    if (t_.sped && server() == CANDOR_OUT) {
      Send(CANDOR_OUT, SpedAnswer(transaction_, {}, 1), 20);
      return;
    }
    Ack(server(), 1);
    if (!t_.tickets) return Wait(20);
    Send(server(), Hidden(3, 242, t_.cid), 20);
    Ack(client_, 20);
  }
  void Complete() {
    Nominate();
    Hello();
    ServerFlight();
    ClientFlight();
    ServerEnd();
    AnswerTheCheck();
  }

  void Media(candor_dir dir, int packets) {
    for (int i = 0; i < packets; ++i) {
      const auto sequence = static_cast<uint16_t>(sequence_[dir]++);
      Send(dir, Rtp(ssrc_ + dir, sequence), 20);
    }
  }
  void Report(candor_dir dir) { Send(dir, Rtcp(ssrc_ + dir), 20); }
  void Data(candor_dir dir) {
    if (!v13() && t_.cid == 0) return Send(dir, DtlsRecord(23, 1, Bytes(60, 1)), 50);
    Send(dir, v13() ? Hidden(3, 69, t_.cid) : CidRecord(69, t_.cid), 50);
  }
  void Close(candor_dir dir) {
    if (!v13() && t_.cid == 0) return Send(dir, DtlsRecord(21, 1, Bytes(26, 1)), 50);
    Send(dir, v13() ? Hidden(3, 19, t_.cid) : CidRecord(27, t_.cid), 50);
  }
  // The client refuses the server's flight, or the server the client's. In DTLS 1.3 a client then has the
  // keys of epoch 2, and a server those of epoch 3.
  void Refuse(candor_dir dir) {
    Send(dir, v13() ? Hidden(dir == client_ ? 2 : 3, 19, t_.cid) : PlainAlert(42), 50);
  }
  void Wait(uint64_t ms) { now_ms_ += ms; }

 private:
  bool v13() const { return t_.version == 13; }
  Bytes End12() const {
    const Bytes finished = t_.cid > 0 ? CidRecord(49, t_.cid) : DtlsRecord(22, 1, Bytes(40, 9));
    return DtlsRecord(20, 0, {1}) + finished;
  }
  void Ack(candor_dir dir, uint64_t then_ms) { Send(dir, Hidden(3, 35, t_.cid), then_ms); }

  void Raw(candor_dir dir, const Bytes& payload) { packets_.push_back({now_ms_, dir, payload}); }
  void Send(candor_dir dir, const Bytes& payload, uint64_t then_ms) {
    Raw(dir, t_.channel ? ChannelData(payload) : payload);
    Wait(then_ms);
  }
  // Inside STUN a flight of the peer is in a check, one of the node in its answer.
  void Flight(candor_dir dir, const Bytes& dtls, uint64_t then_ms) {
    if (!t_.sped) return Send(dir, dtls, then_ms);
    if (dir == CANDOR_OUT && open_) {
      open_ = false;
      return Send(dir, SpedAnswer(transaction_, dtls, 1), then_ms);
    }
    ++transaction_;
    if (dir == CANDOR_OUT) {
      Send(dir, SpedCheck(peer_ + ":" + node_, transaction_, dtls, 1), 1);
      return Send(CANDOR_IN, SpedAnswer(transaction_, {}, 0), then_ms);
    }
    Send(dir, SpedCheck(node_ + ":" + peer_, transaction_, dtls, 0), then_ms);
    open_ = true;
  }

 public:
  // A node that does not answer the handshake answers the check.
  void AnswerTheCheck() {
    if (t_.sped && open_) Send(CANDOR_OUT, CheckAnswer(transaction_), 20);
    open_ = false;
  }

 private:
  DtlsEncoding t_;
  candor_dir client_;
  std::string node_, peer_;
  uint32_t ssrc_;
  uint64_t now_ms_ = 0;
  uint8_t transaction_ = 10;
  bool open_ = false;  // a check of the peer is unanswered
  std::array<uint16_t, 2> sequence_ = {100, 7000};
  std::vector<ScenarioPacket> packets_;
};

void AfterHandshake(DtlsScenario scenario, Dialog& t) {
  switch (scenario) {
    case DtlsScenario::kPublisher:
      t.Media(CANDOR_IN, 15);
      t.Report(CANDOR_OUT);
      return t.Media(CANDOR_IN, 50);
    case DtlsScenario::kSubscriber:
      t.Media(CANDOR_OUT, 15);
      t.Report(CANDOR_IN);
      return t.Media(CANDOR_OUT, 50);
    case DtlsScenario::kDataOnly:
      t.Wait(50);
      t.Data(CANDOR_IN);
      t.Data(CANDOR_OUT);
      return t.Data(CANDOR_IN);
    case DtlsScenario::kNodeMute:
      return t.Media(CANDOR_IN, 150);
    case DtlsScenario::kNodeMuteData:
      t.Wait(50);
      t.Data(CANDOR_IN);
      t.Wait(1000);
      return t.Data(CANDOR_IN);
    case DtlsScenario::kPeerSilent:
      return t.Media(CANDOR_OUT, 150);
    case DtlsScenario::kPeerLeaves:
      t.Wait(500);
      return t.Close(CANDOR_IN);
    case DtlsScenario::kNodeLeaves:
      t.Wait(500);
      return t.Close(CANDOR_OUT);
    default:
      return;
  }
}

// An incomplete handshake. Returns false for scenarios with a complete one.
bool Unfinished(DtlsScenario scenario, Dialog& t) {
  const candor_dir refuser = scenario == DtlsScenario::kNodeRefuses ? CANDOR_OUT : CANDOR_IN;
  const bool ignored = scenario == DtlsScenario::kServerFlightIgnored;
  switch (scenario) {
    case DtlsScenario::kHelloUnanswered:
      t.Nominate();
      for (const uint64_t wait : {1000, 2000}) {
        t.Hello();
        t.AnswerTheCheck();
        t.Wait(wait);
      }
      return true;
    case DtlsScenario::kFinishedUnanswered:
      t.Nominate();
      t.Hello();
      t.ServerFlight();
      for (const uint64_t wait : {1000, 2000}) {
        t.ClientFlight();
        t.AnswerTheCheck();
        t.Wait(wait);
      }
      return true;
    case DtlsScenario::kServerFlightLost:
    case DtlsScenario::kServerFlightIgnored:
      t.Nominate();
      for (const uint64_t wait : {1000, 1000, 1000}) {
        t.Hello();
        // What the path loses of the peer's does not reach the node.
        if (ignored || t.server() == CANDOR_OUT) t.ServerFlight();
        t.AnswerTheCheck();
        t.Wait(wait);
      }
      return true;
    case DtlsScenario::kServerEndLost:
      t.Complete();
      t.Wait(1000);
      t.ClientFlight();
      t.ServerEnd();
      t.AnswerTheCheck();
      return true;
    case DtlsScenario::kPeerRefuses:
    case DtlsScenario::kNodeRefuses:
      t.Nominate();
      t.Hello();
      t.ServerFlight();
      if (refuser == t.server()) t.ClientFlight();
      t.AnswerTheCheck();
      t.Refuse(refuser);
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string NameOf(DtlsScenario scenario) {
  constexpr std::array<const char*, 16> kNames = {"Publisher",
                                                  "Subscriber",
                                                  "DataOnly",
                                                  "Quiet",
                                                  "NodeMute",
                                                  "NodeMuteData",
                                                  "PeerSilent",
                                                  "HelloUnanswered",
                                                  "FinishedUnanswered",
                                                  "ServerFlightLost",
                                                  "ServerFlightIgnored",
                                                  "ServerEndLost",
                                                  "PeerLeaves",
                                                  "NodeLeaves",
                                                  "PeerRefuses",
                                                  "NodeRefuses"};
  return kNames.at(static_cast<size_t>(scenario));
}

std::string NameOf(const DtlsEncoding& t) {
  std::string out = "Dtls" + std::to_string(t.version);
  if (t.cid > 0) out += "Cid" + std::to_string(t.cid);
  if (t.channel) out += "InChannelData";
  if (t.sped) out += "InStun";
  if (t.tickets) out += "WithTickets";
  return out + (t.node_client ? "NodeIsClient" : "");
}

std::vector<ScenarioPacket> PacketsOf(DtlsScenario scenario, const DtlsEncoding& encoding, int who) {
  Dialog t(encoding, who);
  if (!Unfinished(scenario, t)) {
    t.Complete();
    AfterHandshake(scenario, t);
  }
  return t.Take();
}

}  // namespace candor
