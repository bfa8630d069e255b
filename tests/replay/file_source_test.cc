// SPDX-License-Identifier: Apache-2.0
#include "replay/file_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/replay/capture_bytes.h"

namespace candor {
namespace {

using ::testing::HasSubstr;
using namespace testing;  // capture_bytes.h

constexpr uint32_t kNode = 0x0a630001, kOther = 0x0a630002, kThird = 0x0a630003;  // 10.99.0.x
const Writer kW;

// A raw-IP capture of plain RTP packets.
class Capture {
 public:
  Capture& Rtp(double at, uint32_t from, uint16_t from_port, uint32_t to, uint16_t to_port) {
    const auto micros = static_cast<uint64_t>(at * 1e6 + 0.5);
    const Bytes ip = Udp4(from, from_port, to, to_port, testing::Rtp(sequence_++, from));
    content_ = content_ + kW.PcapPacket(static_cast<uint32_t>(micros / 1000000),
                                        static_cast<uint32_t>(micros % 1000000), ip);
    return *this;
  }
  Capture& Raw(const Bytes& bytes) {
    content_ = content_ + bytes;
    return *this;
  }
  std::unique_ptr<FileSource> OpenNetwork(const char* network) {
    FileSourceOptions o{"x.pcap", {}, {}, {IpPrefix::Parse(network).value()}};
    auto source = FileSource::FromMemory(std::move(o), content_);
    EXPECT_TRUE(source) << source.error().message;
    return std::move(*source);
  }
  std::unique_ptr<FileSource> Open(std::vector<IpAddress> nodes, uint16_t port_min = 0,
                                   uint16_t port_max = 65535) {
    FileSourceOptions o{"x.pcap", std::move(nodes), {}};
    o.table.port_min = port_min;
    o.table.port_max = port_max;
    auto source = FileSource::FromMemory(std::move(o), content_);
    EXPECT_TRUE(source) << source.error().message;
    return std::move(*source);
  }

 private:
  Bytes content_ = kW.PcapHeader(kMicroMagic, 101);
  uint16_t sequence_ = 0;
};

Time At(double seconds) { return Time(FromSeconds(seconds)); }
const FlowSink kIgnore = [](const FlowEvent&) {};

std::vector<FlowEvent> Drain(FileSource& source) {
  std::vector<FlowEvent> events;
  const auto done = source.PollUntil(At(1e9), [&](const FlowEvent& e) { events.push_back(e); });
  EXPECT_TRUE(done) << done.error().message;
  return events;
}

TEST(FileSource, SourceOfTheNodeGoesOutAndDestinationOfTheNodeGoesIn) {
  Capture c;
  c.Rtp(1, kOther, 6000, kNode, 5000).Rtp(2, kNode, 5000, kOther, 6000).Rtp(3, kNode, 5000, kOther, 6000);
  const auto source = c.Open({IpAddress::V4(kNode)});
  Drain(*source);
  int flows = 0;
  source->ForEach([&](const FlowKey& key, const FlowState& state) {
    ++flows;
    EXPECT_EQ(LocalOf(key).ToString(), "10.99.0.1:5000");
    EXPECT_EQ(RemoteOf(key).ToString(), "10.99.0.2:6000");
    EXPECT_EQ(state.media_packets[CANDOR_IN], 1u);
    EXPECT_EQ(state.media_packets[CANDOR_OUT], 2u);
  });
  EXPECT_EQ(flows, 1);
  EXPECT_EQ(source->Activity().last_in, At(1));
  EXPECT_EQ(source->Activity().last_out, At(3));
  EXPECT_EQ(source->now(), At(3));
}

TEST(FileSource, BetweenTwoAddressesOfTheNodeAPacketIsSentByOneFlowAndReceivedByAnother) {
  Capture c;
  c.Rtp(1, kNode, 5000, kOther, 6000);
  const auto source = c.Open({IpAddress::V4(kNode), IpAddress::V4(kOther)});
  Drain(*source);
  std::vector<std::pair<std::string, uint32_t>> out;
  source->ForEach([&](const FlowKey& k, const FlowState& s) {
    out.emplace_back(LocalOf(k).ToString(), s.media_packets[CANDOR_OUT]);
  });
  std::sort(out.begin(), out.end());
  EXPECT_EQ(out,
            (std::vector<std::pair<std::string, uint32_t>>{{"10.99.0.1:5000", 1}, {"10.99.0.2:6000", 0}}));
  EXPECT_EQ(source->counts().of_node, 1u);
}

TEST(FileSource, ANodeMayHaveWholeNetworks) {
  Capture c;
  c.Rtp(1, kNode, 5000, 0xc6336401, 6000)
      .Rtp(2, 0xc6336401, 6000, kOther, 5000)
      .Rtp(3, kNode, 5000, kThird, 7000);
  c.Rtp(4, 0xc6336401, 6000, 0xc6336402, 5000);
  const auto source = c.OpenNetwork("10.99.0.0/24");
  Drain(*source);
  const IntakeCounts& n = source->counts();
  EXPECT_EQ(n.of_node, 3u);
  EXPECT_EQ(n.not_of_node, 1u);
  EXPECT_EQ(n.out, 2u);
  EXPECT_EQ(n.in, 2u) << "between two of the node's addresses it is sent and received";
  EXPECT_EQ(n.within, 1u);
  EXPECT_FALSE(n.OneDirection());
}

TEST(FileSource, CountsTheDirectionsOfWhatIsTheNodes) {
  Capture c;
  c.Rtp(1, kOther, 6000, kNode, 5000).Rtp(2, kOther, 6000, kNode, 5000).Rtp(3, kOther, 6000, kThird, 5000);
  const auto source = c.Open({IpAddress::V4(kNode)});
  Drain(*source);
  EXPECT_TRUE(source->counts().OneDirection());
  EXPECT_EQ(source->counts().in, 2u);
  EXPECT_EQ(source->counts().out, 0u);
}

TEST(FileSource, CountsWhatIsNotTheNodesAndRemembersTheTopTalkers) {
  Capture c;
  for (int i = 0; i < 3; ++i) c.Rtp(1 + i, kOther, 6000, kThird, 5000);
  c.Rtp(5, kOther, 6000, kNode, 5000);
  const auto source = c.Open({IpAddress::V4(0xc0000201)});
  EXPECT_TRUE(Drain(*source).empty());
  EXPECT_EQ(source->counts().of_node, 0u);
  EXPECT_EQ(source->counts().not_of_node, 4u);
  const auto top = source->intake().others().Top(2);
  ASSERT_EQ(top.size(), 2u);
  EXPECT_EQ(top[0].address.ToString(), "10.99.0.2");
  EXPECT_EQ(top[0].packets, 4u);
  EXPECT_EQ(top[1].address.ToString(), "10.99.0.3");
}

TEST(FileSource, FollowsOnlyThePortsOnTheNodesSide) {
  Capture c;
  c.Rtp(1, kOther, 5000, kNode, 9000).Rtp(2, kOther, 9000, kNode, 5000).Rtp(3, kNode, 5001, kOther, 9000);
  const auto source = c.Open({IpAddress::V4(kNode)}, 5000, 5001);
  Drain(*source);
  std::vector<uint16_t> ports;
  source->ForEach([&](const FlowKey& k, const FlowState&) { ports.push_back(k.local_port); });
  std::sort(ports.begin(), ports.end());
  EXPECT_EQ(ports, (std::vector<uint16_t>{5000, 5001}));
  EXPECT_EQ(source->Health().counters[CANDOR_C_PACKETS], 2u);
}

TEST(FileSource, DeliversByCaptureTimeAndStopsBeforeTheLimit) {
  Capture c;
  c.Rtp(10, kOther, 1024, kNode, 5000)
      .Rtp(10.25, kOther, 1024, kNode, 5000)
      .Rtp(4000, kOther, 1024, kNode, 5000);
  const auto source = c.Open({IpAddress::V4(kNode)});
  EXPECT_EQ(source->NextTime().value(), At(10));
  ASSERT_TRUE(source->PollUntil(At(10.25), kIgnore));
  EXPECT_EQ(source->counts().captured, 1u);
  EXPECT_EQ(source->now(), At(10)) << "a packet that was read ahead does not move the clock";
  ASSERT_TRUE(source->Poll(std::chrono::milliseconds(250), kIgnore));
  EXPECT_EQ(source->counts().captured, 2u);
  EXPECT_EQ(source->NextTime().value(), At(4000)) << "the gap is the caller's to tick through";
  ASSERT_TRUE(source->Poll(std::chrono::milliseconds(250), kIgnore));
  EXPECT_EQ(source->NextTime().value(), std::nullopt);
  EXPECT_EQ(source->Poll(std::chrono::milliseconds(250), kIgnore).value(), 0u);
}

TEST(FileSource, NeverLetsTimeRunBackwards) {
  Capture c;
  c.Rtp(10, kOther, 1024, kNode, 5000).Rtp(7.5, kOther, 1024, kNode, 5000).Rtp(11, kOther, 1024, kNode, 5000);
  const auto source = c.Open({IpAddress::V4(kNode)});
  for (const FlowEvent& e : Drain(*source)) EXPECT_GE(e.at, At(10));
  EXPECT_EQ(source->timestamps().late.count, 1u);
  EXPECT_EQ(source->timestamps().late.most, FromSeconds(2.5));
  EXPECT_EQ(source->now(), At(11));
}

TEST(FileSource, DamageIsFinalAndThePacketsBeforeItCount) {
  Capture c;
  c.Rtp(1, kOther, 6000, kNode, 5000).Rtp(2, kOther, 6000, kNode, 5000).Raw({1, 2, 3});
  const auto source = c.Open({IpAddress::V4(kNode)});
  for (int again = 0; again < 2; ++again) {
    const auto done = source->PollUntil(At(1e9), kIgnore);
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().message, HasSubstr("x.pcap: at byte "));
    EXPECT_THAT(done.error().message, HasSubstr("the file ends after 3 of them"));
  }
  EXPECT_EQ(source->counts().of_node, 2u);
  EXPECT_EQ(source->Health().counters[CANDOR_C_MEDIA], 2u);
}

TEST(FileSource, CountsFramesThatItCannotUse) {
  const Writer w;
  const Bytes ip = Udp4(kOther, 6000, kNode, 5000, Rtp(1, 1));
  const Bytes content = w.Section() + w.Interface(1) + w.Interface(105) +
                        w.Enhanced(0, 1, Ethernet(0x0806, Bytes(46))) + w.Enhanced(0, 2, Bytes(9)) +
                        w.Enhanced(1, 3, ip) + w.Enhanced(0, 4, Ethernet(0x0800, ip, {0x8100}));
  const auto source = FileSource::FromMemory({"x.pcapng", {IpAddress::V4(kNode)}, {}}, content);
  ASSERT_TRUE(source);
  Drain(**source);
  const IntakeCounts& n = (*source)->counts();
  EXPECT_EQ(n.captured, 4u);
  EXPECT_EQ(n.not_ip, 1u);
  EXPECT_EQ(n.cut, 1u);
  EXPECT_EQ(n.unknown_link, 1u);
  EXPECT_EQ(n.of_node, 1u);
  EXPECT_EQ((*source)->intake().unknown_link_type(), 105);
}

TEST(FileSource, ASnapLengthOfSixtyBytesIsEnoughForMediaOverEthernet) {
  const Writer w;
  Bytes content = w.PcapHeader(kMicroMagic, 1);
  for (uint16_t i = 0; i < 3; ++i) {
    Bytes in = Ethernet(0x0800, Udp4(kOther, 6000, kNode, 5000, Rtp(i, 7, 160)));
    Bytes out = Ethernet(0x0800, Udp4(kNode, 5000, kOther, 6000, Rtp(i, 8, 160)));
    const auto wire = static_cast<uint32_t>(in.size());
    in.resize(60);
    out.resize(60);
    content = content + w.PcapPacket(i, 0, in, wire) + w.PcapPacket(i, 500, out, wire);
  }
  const auto source = FileSource::FromMemory({"x.pcap", {IpAddress::V4(kNode)}, {}}, content);
  ASSERT_TRUE(source);
  Drain(**source);
  (*source)->ForEach([](const FlowKey&, const FlowState& s) { EXPECT_EQ(s.phase, CANDOR_PHASE_ACTIVE); });
  EXPECT_EQ((*source)->Health().flows_open, 1u);
}

}  // namespace
}  // namespace candor
