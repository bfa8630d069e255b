// SPDX-License-Identifier: Apache-2.0
#include "tests/packets/random_packets.h"

#include <algorithm>
#include <array>
#include <string>

#include "tests/packets/dtls_packets.h"
#include "tests/packets/turn_packets.h"

namespace candor {
namespace {

// The node's port as a TURN server, and as a TURN client.
constexpr uint16_t kTurnServer = 3478, kTurnClient = 33478;

}  // namespace

Bytes RandomPackets::Noise(uint32_t most) {
  Bytes out(Below(most + 1));
  std::generate(out.begin(), out.end(), [this] { return Byte(); });
  return out;
}

FlowKey RandomPackets::Endpoints() {
  constexpr std::array<uint16_t, 6> kLocal = {7882, 30000, 30001, 53, kTurnServer, kTurnClient};
  const auto local_port = kLocal.at(Below(kLocal.size()));
  const auto remote_port = static_cast<uint16_t>(40000 + Below(3));
  return OneIn(2) ? KeyOf("192.0.2.1", local_port, "198.51.100.7", remote_port)
                  : KeyOf("2001:db8::1", local_port, "2001:db8:7::9", remote_port);
}

Bytes RandomPackets::OddStun() {
  Bytes attributes;
  for (uint32_t n = Below(22); n > 0; --n) {
    constexpr std::array<uint16_t, 11> kTypes = {0x0006, 0x0008, 0x0009, 0x000D, 0x0013, 0x0016,
                                                 0x001C, 0x0025, 0xC070, 0xC071, 0x8022};
    const Bytes value = OneIn(6) ? Text("node" + std::to_string(Below(3)) + ":") + Noise(160) : Noise(8);
    attributes = attributes + Attribute(kTypes.at(Below(kTypes.size())), value);
  }
  constexpr std::array<uint16_t, 8> kMessages = {0x0001, 0x0011, 0x0101, 0x0111,
                                                 0x0003, 0x0103, 0x0016, 0x0017};
  return Stun(kMessages.at(Below(kMessages.size())), static_cast<uint8_t>(Below(4)), attributes);
}

Bytes RandomPackets::RandomStun(candor_dir dir) {
  const auto transaction = static_cast<uint8_t>(Below(4));  // 0 makes the hash of the id 0
  const std::string node = "node" + std::to_string(OneIn(40) ? 1 + Below(2) : 0);
  switch (Below(8)) {
    case 0:
    case 1:
    case 2:
      return Check(dir == CANDOR_IN ? node + ":peer" : "peer:" + node, transaction, OneIn(3));
    case 3:
    case 4:
    case 5:
      return CheckAnswer(transaction);
    case 6:
      if (OneIn(3)) return Sped(dir, node, transaction);
      // A colon beyond what is read, at its edge, or none.
      if (OneIn(3)) return Check(node + std::string(Below(150), 'x') + ":peer", transaction, false);
      return CheckError(transaction, 400 + static_cast<int>(Below(100)));
    default:
      return OddStun();
  }
}

Bytes RandomPackets::Sped(candor_dir dir, const std::string& node, uint8_t transaction) {
  const Bytes dtls = OneIn(4) ? Bytes{} : RandomDtls();
  if (OneIn(2)) return SpedAnswer(transaction, dtls, Below(3));
  return SpedCheck(dir == CANDOR_IN ? node + ":peer" : "peer:" + node, transaction, dtls, Below(3));
}

// Lengths around those of alerts, ACKs and SCTP; connection ids around the longest that is tried.
Bytes RandomPackets::HiddenRecord() {
  const size_t length = 14 + Below(OneIn(3) ? 600 : 60), cid = OneIn(2) ? 0 : Below(23);
  switch (Below(4)) {
    case 0:
      return CidRecord(length, cid);
    case 1:
      return Bytes{static_cast<uint8_t>(0x20 + Below(32))} + Noise(30);
    default:
      return Hidden(static_cast<uint8_t>(OneIn(4) ? Below(4) : 2 + Below(2)), length, cid);
  }
}

Bytes RandomPackets::RandomDtls() {
  Bytes out;
  for (uint32_t n = 1 + Below(OneIn(4) ? 10 : 3); n > 0; --n) {
    switch (Below(8)) {
      case 0:
        out = out + Handshake(1, static_cast<uint8_t>(Below(2)));
        break;
      case 1:
        out = out + Handshake(static_cast<uint8_t>(Below(21)), static_cast<uint8_t>(Below(6)));
        break;
      case 2:
        out = out + DtlsRecord(22, 1, Noise(40));
        break;
      case 3:
        out = out + DtlsRecord(20, 0, {1});
        break;
      case 4:
        out = out + DtlsRecord(23, 1, Noise(40));
        break;
      case 5:
        out = out + (OneIn(6) ? PlainAlert(Byte()) : Handshake(2, 0));
        break;
      case 6:
        out =
            out + DtlsRecord(static_cast<uint8_t>(20 + Below(8)), static_cast<uint16_t>(Below(3)), Noise(20));
        break;
      default:
        out = out + HiddenRecord();
        break;
    }
  }
  return out;
}

// Reports whose numbers move on or stand still, with other packets, cut, or with what SRTCP adds.
Bytes RandomPackets::Compound(uint32_t ssrc) {
  Bytes out;
  for (uint32_t n = 1 + Below(OneIn(8) ? 10 : 3); n > 0; --n) {
    std::vector<uint32_t> highest(Below(7));
    for (uint32_t& h : highest) h = OneIn(2) ? 100 : Below(4);
    Bytes packet = OneIn(2) ? ReceiverReport(ssrc, highest) : SenderReport(ssrc, highest);
    if (OneIn(4)) packet[1] = static_cast<uint8_t>(202 + Below(6));
    if (OneIn(20)) packet[0] = Byte();
    out = out + packet;
  }
  return OneIn(8) ? out + Noise(14) : out;
}

Bytes RandomPackets::RandomRtp() {
  const uint32_t ssrc = 7 + Below(2);
  if (OneIn(4)) return OneIn(2) ? Rtcp(ssrc) : Compound(ssrc);
  sequence_ = static_cast<uint16_t>(sequence_ + Below(20));
  Bytes out = Rtp(ssrc, sequence_);
  if (OneIn(5)) out[0] = static_cast<uint8_t>(0x80 | Below(64));
  if (OneIn(8)) out[4] = Byte();  // a leap of the timestamp
  return out;
}

Bytes RandomPackets::TurnAnswer(uint8_t transaction) {
  constexpr std::array<uint16_t, 4> kMethods = {3, 4, 8, 9};
  constexpr std::array<int, 7> kCodes = {300, 401, 437, 438, 441, 500, 508};
  const uint16_t method = kMethods.at(Below(kMethods.size()));
  if (OneIn(4)) return TurnError(method, transaction, kCodes.at(Below(kCodes.size())), OneIn(2));
  if (OneIn(2)) return TurnSuccess(method, transaction);
  return AllocateSuccess(transaction, OneIn(3) ? "2001:db8::1" : "192.0.2.1",
                         static_cast<uint16_t>(50000 + (OneIn(30) ? Below(2) : 0)));
}

Bytes RandomPackets::Enveloped(candor_dir dir) {
  const Bytes inner = OneIn(8) ? ChannelData(Noise(20)) : Inner(dir);
  switch (Below(6)) {
    case 0:
      return SendIndication(inner);
    case 1:
      return DataIndication(inner);
    case 2:  // a wrong length, padding, a header alone
      return OneIn(2) ? ChannelData(inner) + Noise(3) : Bytes{0x40, 0, Byte(), Byte()} + Noise(40);
    default:
      return ChannelData(inner);
  }
}

Bytes RandomPackets::RandomTurn(candor_dir dir) {
  const auto transaction = static_cast<uint8_t>(Below(4));
  const bool asks = dir == CANDOR_IN;
  switch (Below(9)) {
    case 0:
      return asks ? Allocate(transaction, OneIn(2)) : TurnAnswer(transaction);
    case 1:
      return asks ? Permit(transaction) : TurnAnswer(transaction);
    case 2:
      return asks ? BindChannel(transaction) : TurnAnswer(transaction);
    case 3:
      return asks ? Refresh(transaction, OneIn(6) ? 0 : 600) : TurnAnswer(transaction);
    default:
      return Enveloped(dir);
  }
}

Bytes RandomPackets::Payload(const FlowKey& key, candor_dir dir) {
  if (key.local_port == kTurnServer && !OneIn(8)) return RandomTurn(dir);
  if (key.local_port == kTurnClient && !OneIn(8)) {
    if (dir == CANDOR_OUT && OneIn(4)) return Allocate(0, true);
    return OneIn(6) ? RandomTurn(dir == CANDOR_IN ? CANDOR_OUT : CANDOR_IN) : Enveloped(dir);
  }
  return Inner(dir);
}

Bytes RandomPackets::Inner(candor_dir dir) {
  switch (Below(10)) {
    case 0:
    case 1:
    case 2:
      return RandomStun(dir);
    case 3:
    case 4:
    case 5:
      return RandomDtls();
    case 6:
    case 7:
    case 8:
      return RandomRtp();
    default:
      return Noise(60);
  }
}

// Fragments, options and extension headers of every kind, in numbers beyond what is walked.
Bytes RandomPackets::Extended(const FlowKey& key, candor_dir dir, const Bytes& payload) {
  if (LocalOf(key).address.IsV4()) {
    Bytes ip = UdpBehind(key, dir, 17, Bytes(4 * Below(11), 1), payload);
    ip[6] = OneIn(2) ? 0x20 : 0;
    ip[7] = OneIn(4) ? Byte() : 0;
    return ip;
  }
  constexpr std::array<uint8_t, 7> kHeaders = {0, 43, 44, 51, 60, 135, 50};
  const uint8_t first = kHeaders.at(Below(kHeaders.size()));
  Bytes between;
  for (uint32_t left = 1 + Below(10), type = first; left > 0; --left) {
    const uint32_t next = left == 1 ? 17 : kHeaders.at(Below(kHeaders.size()));
    // Eight bytes each: length 0 in all but a few mutated ones.
    const auto offset = static_cast<uint8_t>(type == 44 && OneIn(4) ? 8 : 0);
    between = between + Bytes{static_cast<uint8_t>(next), 0, 0, offset, 0, 0, 0, 1};
    type = next;
  }
  return UdpBehind(key, dir, first, between, payload);
}

Bytes RandomPackets::Wrap(const FlowKey& key, candor_dir dir, const Bytes& payload) {
  return OneIn(12) ? Extended(key, dir, payload) : Udp(key, dir, payload);
}

void RandomPackets::Mutate(Bytes* ip) {
  switch (Below(4)) {
    case 0:
      ip->resize(1 + Below(static_cast<uint32_t>(ip->size())));
      break;
    case 1:
      ip->at(Below(static_cast<uint32_t>(ip->size()))) = Byte();
      break;
    case 2:
      for (uint32_t n = 1 + Below(6); n > 0; --n) {
        ip->at(Below(static_cast<uint32_t>(ip->size()))) ^= static_cast<uint8_t>(1u << Below(8));
      }
      break;
    default:
      *ip = *ip + Noise(30);
      break;
  }
}

RandomPacket RandomPackets::Next() {
  const candor_dir dir = OneIn(2) ? CANDOR_IN : CANDOR_OUT;
  const FlowKey key = Endpoints();
  RandomPacket out{dir, Wrap(key, dir, Payload(key, dir)), 1};
  if (OneIn(20)) out.segments = static_cast<uint16_t>(2 + Below(60));
  if (OneIn(3)) Mutate(&out.ip);
  return out;
}

}  // namespace candor
