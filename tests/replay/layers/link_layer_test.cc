// SPDX-License-Identifier: Apache-2.0
#include "replay/layers/link_layer.h"

#include <gtest/gtest.h>

#include "replay/layers/decapsulate.h"
#include "tests/replay/capture_bytes.h"

namespace candor {
namespace {

using namespace testing;  // capture_bytes.h

const Bytes kV4 = Udp4(0x0a630001, 5000, 0x0a630002, 6000, {1, 2, 3, 4});
const Bytes kV6 = Udp6(1, 5000, 2, 6000, {1, 2, 3, 4});
const Writer kNet{true};

FrameContent UnwrapLink(uint16_t link_type, std::span<const uint8_t> frame, uint32_t wire_length,
                        IpPacket* packet) {
  const Decapsulated u = Decapsulate(link_type, frame, wire_length, Depth::kFirstIp);
  if (u.answer == FrameContent::kIp) *packet = u.packet;
  return u.answer;
}

Bytes Cooked(uint16_t type) { return Bytes(14, 0) + kNet.U16(type); }
Bytes Cooked2(uint16_t type) { return kNet.U16(type) + Bytes(18, 0); }

TEST(LinkLayer, FindsTheIpPacketInEveryLinkTypeItReads) {
  const struct {
    const char* what;
    uint16_t link_type;
    Bytes frame;
    Bytes ip;
  } rows[] = {
      {"Ethernet, IPv4", 1, Ethernet(0x0800, kV4), kV4},
      {"Ethernet, IPv6", 1, Ethernet(0x86dd, kV6), kV6},
      {"one VLAN tag", 1, Ethernet(0x0800, kV4, {0x8100}), kV4},
      {"802.1ad over 802.1Q", 1, Ethernet(0x86dd, kV6, {0x88a8, 0x8100}), kV6},
      {"four tags", 1, Ethernet(0x0800, kV4, {0x9100, 0x88a8, 0x8100, 0x8100}), kV4},
      {"raw", 101, kV4, kV4},
      {"raw, IPv6", 101, kV6, kV6},
      {"raw of BSD", 12, kV4, kV4},
      {"raw of OpenBSD", 14, kV6, kV6},
      {"raw IPv4", 228, kV4, kV4},
      {"raw IPv6", 229, kV6, kV6},
      {"cooked", 113, Cooked(0x0800) + kV4, kV4},
      {"cooked, VLAN", 113, Cooked(0x8100) + kNet.U16(5) + kNet.U16(0x86dd) + kV6, kV6},
      {"cooked 2", 276, Cooked2(0x86dd) + kV6, kV6},
      {"loopback, little-endian", 0, Bytes{2, 0, 0, 0} + kV4, kV4},
      {"loopback, big-endian", 0, Bytes{0, 0, 0, 2} + kV4, kV4},
      {"loopback, IPv6 of Darwin", 0, Bytes{30, 0, 0, 0} + kV6, kV6},
      {"loopback of OpenBSD", 108, Bytes{0, 0, 0, 24} + kV6, kV6},
      {"LLC and SNAP", 1,
       Ethernet(static_cast<uint16_t>(8 + kV4.size()), Bytes{0xaa, 0xaa, 3, 0, 0, 0, 8, 0} + kV4), kV4},
      {"PPP", 9, Bytes{0, 0x21} + kV4, kV4},
      {"PPP in HDLC framing", 50, Bytes{0xff, 3, 0, 0x57} + kV6, kV6},
      {"PPPoE", 51, Bytes{0x11, 0, 0, 1, 0, 34, 0, 0x21} + kV4, kV4},
      {"Cisco HDLC", 104, Bytes{0x0f, 0, 8, 0} + kV4, kV4},
      {"MPLS", 219, Bytes{0, 1, 0x01, 64} + kV4, kV4},
  };
  for (const auto& r : rows) {
    IpPacket p;
    EXPECT_EQ(UnwrapLink(r.link_type, r.frame, static_cast<uint32_t>(r.frame.size()), &p), FrameContent::kIp)
        << r.what;
    EXPECT_EQ(Bytes(p.bytes.begin(), p.bytes.end()), r.ip) << r.what;
    EXPECT_EQ(p.wire_length, r.ip.size()) << r.what;
    EXPECT_NE(LinkName(r.link_type), nullptr) << r.what;
  }
}

TEST(LinkLayer, SkipsWhatIsNotIp) {
  const struct {
    const char* what;
    uint16_t link_type;
    Bytes frame;
    FrameContent answer;
  } rows[] = {
      {"ARP", 1, Ethernet(0x0806, Bytes(28)), FrameContent::kNotIp},
      {"ARP in a VLAN", 1, Ethernet(0x0806, Bytes(28), {0x8100}), FrameContent::kNotIp},
      {"LLC", 1, Ethernet(60, Bytes(60)), FrameContent::kNotIp},
      {"SNAP of another organization", 1, Ethernet(60, Bytes{0xaa, 0xaa, 3, 0, 0, 0x0c, 8, 0} + kV4),
       FrameContent::kNotIp},
      {"PPPoE discovery", 1, Ethernet(0x8863, Bytes(60)), FrameContent::kNotIp},
      {"LCP of PPP", 9, Bytes{0xc0, 0x21} + Bytes(20), FrameContent::kNotIp},
      {"no IP version", 101, Bytes(40, 0x10), FrameContent::kNotIp},
      {"family of AppleTalk", 0, Bytes{16, 0, 0, 0} + kV4, FrameContent::kNotIp},
      {"an IP header that states less than itself", 101, Bytes{0x45, 0, 0, 19} + Bytes(30),
       FrameContent::kCut},
      {"a link type of 802.11", 105, kV4, FrameContent::kUnknownLink},
  };
  IpPacket p;
  for (const auto& r : rows) {
    EXPECT_EQ(UnwrapLink(r.link_type, r.frame, static_cast<uint32_t>(r.frame.size()), &p), r.answer)
        << r.what;
  }
  EXPECT_EQ(LinkName(105), nullptr);
}

TEST(LinkLayer, AFrameCutAnywhereInItsHeadersIsCutAndIsNotReadBeyond) {
  const Bytes frame = Ethernet(0x0800, kV4, {0x88a8, 0x8100});
  const size_t headers = 14 + 8 + 20;
  for (size_t n = 0; n <= frame.size(); ++n) {
    const Bytes cut(frame.begin(),
                    frame.begin() + static_cast<ptrdiff_t>(n));  // exact size: ASan sees the end
    IpPacket p;
    const FrameContent answer = UnwrapLink(1, cut, static_cast<uint32_t>(frame.size()), &p);
    EXPECT_EQ(answer, n < headers ? FrameContent::kCut : FrameContent::kIp) << n;
    if (answer != FrameContent::kIp) continue;
    EXPECT_EQ(p.wire_length, kV4.size()) << "as on the wire, not as captured";
  }
}

TEST(LinkLayer, CutsThePaddingOfAShortEthernetFrame) {
  Bytes frame = Ethernet(0x0800, kV4);
  frame.resize(60);
  IpPacket p;
  ASSERT_EQ(UnwrapLink(1, frame, 60, &p), FrameContent::kIp);
  EXPECT_EQ(p.bytes.size(), kV4.size());
  EXPECT_EQ(p.wire_length, kV4.size());
}

TEST(LinkLayer, TakesTheFramesLengthWhereTheIpHeaderHasNone) {
  Bytes ip = kV4;
  ip[2] = ip[3] = 0;  // left open by segmentation offload
  IpPacket p;
  ASSERT_EQ(UnwrapLink(101, ip, 9000, &p), FrameContent::kIp);
  EXPECT_EQ(p.wire_length, 9000u);
  EXPECT_EQ(p.bytes.size(), ip.size());
}

}  // namespace
}  // namespace candor
