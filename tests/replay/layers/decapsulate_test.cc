// SPDX-License-Identifier: Apache-2.0
#include "replay/layers/decapsulate.h"

#include <gtest/gtest.h>

#include <list>
#include <set>

#include "tests/replay/layers/encapsulated_bytes.h"

namespace candor {
namespace {

using namespace testing;  // capture_bytes.h, encapsulated_bytes.h

const Bytes kV4 = Udp4(0x0a630001, 5000, 0x0a630002, 6000, Rtp(1, 7));
const Bytes kV6 = Udp6(1, 5000, 2, 6000, Rtp(1, 7));
constexpr uint16_t kEthernet = 1;

// The answer points into the frame, which is therefore kept.
Decapsulated Open(Bytes bytes, Depth depth = Depth::kInnermostIp) {
  static std::list<Bytes> kept;
  const Bytes& frame = kept.emplace_back(std::move(bytes));
  return Decapsulate(kEthernet, frame, static_cast<uint32_t>(frame.size()), depth);
}

Bytes PacketOf(const Decapsulated& u) { return {u.packet.bytes.begin(), u.packet.bytes.end()}; }

std::bitset<kEncapsulations> SetOf(const std::vector<Encapsulation>& kinds) {
  std::bitset<kEncapsulations> set;
  for (const Encapsulation e : kinds) set.set(static_cast<size_t>(e));
  return set;
}

void ExpectInnermost(const Bytes& ip, bool six) {
  for (const EncapsulatedRow& r : EveryEncapsulation(ip, six)) {
    const Decapsulated u = Open(r.frame);
    EXPECT_EQ(u.answer, FrameContent::kIp) << r.what;
    EXPECT_EQ(PacketOf(u), ip) << r.what;
    EXPECT_EQ(u.packet.wire_length, ip.size()) << r.what;
    EXPECT_EQ(u.inside, SetOf(r.inside)) << r.what;
    EXPECT_FALSE(u.too_deep || u.opaque) << r.what;
    ASSERT_TRUE(u.udp) << r.what;
    EXPECT_EQ(Bytes(u.udp->bytes.begin(), u.udp->bytes.end()), Rtp(1, 7)) << r.what;
  }
}

TEST(Decapsulate, FindsIPv4InsideEveryEncapsulation) { ExpectInnermost(kV4, false); }
TEST(Decapsulate, FindsIPv6InsideEveryEncapsulation) { ExpectInnermost(kV6, true); }

// Until the tunnel's own header is there, the outer packet is all that is known; from then on a frame is cut
// as long as the inner IP header is.
TEST(Decapsulate, AFrameCutAnywhereIsCutOrItsOuterPacketAndIsNotReadBeyond) {
  for (const EncapsulatedRow& r : EveryEncapsulation(kV4)) {
    const size_t headers = r.frame.size() - kV4.size() + 20;
    bool entered = false;
    for (size_t n = 0; n <= r.frame.size(); ++n) {
      const Bytes cut(r.frame.begin(),
                      r.frame.begin() + static_cast<ptrdiff_t>(n));  // exact: ASan sees the end
      const Decapsulated u =
          Decapsulate(kEthernet, cut, static_cast<uint32_t>(r.frame.size()), Depth::kInnermostIp);
      const bool whole = u.inside == SetOf(r.inside) && u.answer == FrameContent::kIp;
      EXPECT_EQ(whole, n >= headers) << r.what << " cut at " << n;
      EXPECT_TRUE(u.answer == FrameContent::kIp || u.answer == FrameContent::kCut)
          << r.what << " cut at " << n;
      EXPECT_TRUE(!whole || u.packet.wire_length == kV4.size())
          << r.what << ": as on the wire, not as captured";
      EXPECT_FALSE(entered && u.inside.none()) << r.what << " cut at " << n;
      entered = entered || u.inside.any();
    }
  }
}

TEST(Decapsulate, EveryByteMayBeAnythingWithoutHarm) {
  for (const EncapsulatedRow& r : EveryEncapsulation(kV4)) {
    for (size_t i = 0; i < r.frame.size(); ++i) {
      for (const uint8_t value : Bytes{0x00, 0x01, 0x0f, 0x45, 0x60, 0x7f, 0x80, 0xff}) {
        Bytes changed = r.frame;
        changed[i] = value;
        const Decapsulated u = Open(changed);
        EXPECT_LE(u.packet.bytes.size(), u.packet.wire_length) << r.what << " " << i;
      }
    }
  }
}

TEST(Decapsulate, StopsAtTheFirstIpHeaderForALiveCapture) {
  const Bytes outer = ToPort(4789, Vxlan(Ethernet4(kV4)));
  const Decapsulated u = Open(Ethernet4(outer), Depth::kFirstIp);
  EXPECT_EQ(PacketOf(u), outer);
  EXPECT_TRUE(u.inside.none());
}

TEST(Decapsulate, HasTheOutermostPacketToo) {
  const Bytes outer = Ip4(47, Erspan2(Ethernet4(kV4)));
  const Decapsulated u = Open(Ethernet4(outer));
  EXPECT_EQ(Bytes(u.outermost.bytes.begin(), u.outermost.bytes.end()), outer);
}

// A mirror may cut what it copies, and leaves the inner header as it was.
TEST(Decapsulate, AnInnerPacketCutByTheMirrorHasTheLengthOfItsHeader) {
  const Bytes start(kV4.begin(), kV4.begin() + 40);
  for (const Bytes& frame :
       {Ethernet4(ToPort(4789, Vxlan(Ethernet4(start)))), Ethernet4(Ip4(47, Erspan2(Ethernet4(start))))}) {
    const Decapsulated u = Open(frame);
    ASSERT_EQ(u.answer, FrameContent::kIp);
    EXPECT_EQ(PacketOf(u), start);
    EXPECT_EQ(u.packet.wire_length, kV4.size());
  }
}

TEST(Decapsulate, APaddedInnerFrameEndsWhereItsPacketEnds) {
  Bytes frame = Ethernet4(Udp4(1, 5000, 2, 6000, {1}));
  frame.resize(60);
  const Decapsulated u = Open(Ethernet4(ToPort(4789, Vxlan(frame))));
  EXPECT_EQ(u.packet.bytes.size(), 29u);
  EXPECT_EQ(u.packet.wire_length, 29u);
}

TEST(Decapsulate, MediaOnATunnelsPortStaysMedia) {
  const Bytes stun = Bytes{0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42} + Bytes(20, 0x33);
  const Bytes answer = Bytes{1, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42} + Bytes(20, 0x33);
  const Bytes dtls12 = Bytes{22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40} + Bytes(40, 0x45);
  const Bytes data = Bytes{23, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 0, 0, 40} + Bytes(40, 0x45);
  const Bytes dtls13 = Bytes{0x2f, 0x12, 0x34, 0, 40} + Bytes(40, 0x45);
  const Bytes rtcp = Bytes{0x80, 200, 0, 6} + Bytes(24, 0x45);
  const Bytes channel = Bytes{0x40, 1, 0, 40} + Bytes(40, 0x45);
  for (const Bytes& payload :
       {stun, answer, dtls12, data, dtls13, rtcp, channel, Rtp(1, 7, 200), Rtp(0x4500, 7)}) {
    for (const uint16_t port :
         std::initializer_list<uint16_t>{4789, 4790, 8472, 6081, 6635, 37008, 4500, 2152, 1701, 51820}) {
      const Bytes ip = ToPort(port, payload);
      const Decapsulated u = Open(Ethernet4(ip));
      EXPECT_EQ(u.answer, FrameContent::kIp);
      EXPECT_EQ(PacketOf(u), ip) << "port " << port << ", first byte " << int{payload[0]};
      EXPECT_TRUE(u.inside.none() && !u.opaque) << "port " << port << ", first byte " << int{payload[0]};
    }
  }
}

TEST(Decapsulate, ATunnelThatCarriesNoIpIsNotIp) {
  const Bytes arp = Ethernet(0x0806, Bytes(28));
  for (const Bytes& frame :
       {Ethernet4(ToPort(4789, Vxlan(arp))), Ethernet4(Ip4(47, Erspan2(arp))),
        Ethernet(0x8847, Labels({100}, arp)), Ethernet(0x8864, Pppoe({0xc0, 0x21, 1, 1, 0, 4}))}) {
    EXPECT_EQ(Open(frame).answer, FrameContent::kNotIp);
  }
}

TEST(Decapsulate, ALaterFragmentCarriesNoHeaderOfATunnel) {
  Bytes gre = Ip4(47, Erspan2(Ethernet4(kV4)));
  gre[7] = 10;  // eighty bytes further
  const Bytes gre6 = Ip6(44, Bytes{47, 0, 0, 80, 0, 0, 0, 9} + Erspan2(Ethernet4(kV4)));
  for (const Decapsulated& u : {Open(Ethernet4(gre)), Open(Ethernet(0x86dd, gre6))}) {
    EXPECT_EQ(u.answer, FrameContent::kIp);
    EXPECT_TRUE(u.inside.none());
    EXPECT_EQ(u.opaque, Opaque::kFragment);
  }
  Bytes udp = kV4;
  udp[7] = 10;
  EXPECT_FALSE(Open(Ethernet4(udp)).opaque) << "its payload is not known";
}

// Of a fragmented tunnel packet the first fragment has all headers.
TEST(Decapsulate, TheFirstFragmentOfATunnelsPacketIsDecapsulated) {
  Bytes ip = ToPort(4789, Vxlan(Ethernet4(kV4)));
  ip[6] = 0x20;  // more fragments
  EXPECT_EQ(PacketOf(Open(Ethernet4(ip))), kV4);
}

TEST(Decapsulate, NamesWhatItDoesNotParse) {
  const Bytes secret(60, 0x33);
  const Bytes wireguard = Bytes{4, 0, 0, 0} + Bytes(60, 0x33);
  const struct {
    Bytes frame;
    Opaque opaque;
    FrameContent answer;
  } rows[] = {
      {Ethernet4(Ip4(50, secret)), Opaque::kEsp, FrameContent::kIp},
      {Ethernet(0x86dd, Ip6(50, secret)), Opaque::kEsp, FrameContent::kIp},
      {Ethernet4(Udp4(1, 4500, 2, 4500, secret)), Opaque::kEsp, FrameContent::kIp},
      {Ethernet4(Ip4(51, secret)), Opaque::kAh, FrameContent::kIp},
      {Ethernet4(Ip4(108, secret)), Opaque::kIpComp, FrameContent::kIp},
      {Ethernet4(Ip4(115, secret)), Opaque::kL2tp, FrameContent::kIp},
      {Ethernet4(Udp4(1, 1701, 2, 1701, Bytes{0, 2, 0, 7} + secret)), Opaque::kL2tp, FrameContent::kIp},
      {Ethernet4(ToPort(2152, Bytes{0x30, 0xff, 0, 60} + secret)), Opaque::kGtp, FrameContent::kIp},
      {Ethernet4(ToPort(51820, wireguard)), Opaque::kWireGuard, FrameContent::kIp},
      {Ethernet4(Ip4(47, Gre(0, 0x2000, secret))), Opaque::kGre, FrameContent::kIp},
      {Ethernet4(Ip4(47, Gre(0x4000, 0x0800, kV4))), Opaque::kGre, FrameContent::kIp},
      {Ethernet4(ToPort(4790, VxlanGpe(4, secret))), Opaque::kNsh, FrameContent::kIp},
      {Ethernet(0x88e5, secret), Opaque::kMacsec, FrameContent::kNotIp},
      {Ethernet(0x88e7, secret), Opaque::kPbb, FrameContent::kNotIp},
      {Ethernet(0x22f3, secret), Opaque::kTrill, FrameContent::kNotIp},
      {Ethernet(0x894f, secret), Opaque::kNsh, FrameContent::kNotIp},
      {Ethernet(0x8864, Pppoe(Bytes{0, 0xfd} + secret)), Opaque::kPpp, FrameContent::kNotIp},
      {Ethernet(0x8847, Labels({100}, secret)), Opaque::kPseudoWire, FrameContent::kNotIp},
  };
  for (const auto& r : rows) {
    const Decapsulated u = Open(r.frame);
    EXPECT_EQ(u.answer, r.answer) << Name(r.opaque);
    ASSERT_TRUE(u.opaque) << Name(r.opaque);
    EXPECT_EQ(*u.opaque, r.opaque) << "expected " << Name(r.opaque) << ", found " << Name(*u.opaque);
  }
}

TEST(Decapsulate, StopsAtItsLimitAndReportsIt) {
  Bytes ip = kV4;
  for (int i = 0; i < kMaxEncapsulations; ++i) ip = Ip4(4, ip);
  EXPECT_EQ(PacketOf(Open(Ethernet4(ip))), kV4);
  EXPECT_FALSE(Open(Ethernet4(ip)).too_deep);
  const Decapsulated one_more = Open(Ethernet4(Ip4(4, ip)));
  EXPECT_TRUE(one_more.too_deep);
  EXPECT_EQ(one_more.answer, FrameContent::kIp);
  EXPECT_NE(PacketOf(one_more), kV4);
}

TEST(Encapsulation, EveryKindHasNamesOfItsOwn) {
  std::set<std::string> names;
  for (size_t i = 0; i < kEncapsulations; ++i) names.insert(Name(static_cast<Encapsulation>(i)));
  for (size_t i = 0; i < kOpaqueKinds; ++i) names.insert(Name(static_cast<Opaque>(i)));
  EXPECT_EQ(names.size(), kEncapsulations + kOpaqueKinds);
}

}  // namespace
}  // namespace candor
