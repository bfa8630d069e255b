// SPDX-License-Identifier: Apache-2.0
#include "replay/loss_finder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/replay/capture_bytes.h"

namespace candor {
namespace {

using namespace testing;  // capture_bytes.h

constexpr uint32_t kNode = 0x0a630001, kPeer = 0x0a630002;
const Writer kW;

class Capture {
 public:
  Capture& In(double at, uint16_t sequence) { return Add(at, kPeer, 6000, kNode, 5000, sequence); }
  Capture& Out(double at, uint16_t sequence) { return Add(at, kNode, 5000, kPeer, 6000, sequence); }
  CaptureReader Reader() const { return std::move(*CaptureReader::FromMemory("x.pcap", content_)); }

 private:
  Capture& Add(double at, uint32_t from, uint16_t from_port, uint32_t to, uint16_t to_port,
               uint16_t sequence) {
    const auto micros = static_cast<uint64_t>(at * 1e6 + 0.5);
    const Bytes ip = Udp4(from, from_port, to, to_port, testing::Rtp(sequence, from));
    content_ = content_ + kW.PcapPacket(static_cast<uint32_t>(micros / 1000000),
                                        static_cast<uint32_t>(micros % 1000000), ip);
    return *this;
  }
  Bytes content_ = kW.PcapHeader(kMicroMagic, 101);
};

Time At(double seconds) { return Time(FromSeconds(seconds)); }

std::vector<LostPacket> Find(const Capture& wire, const Capture& socket, double step = 0.25,
                             double end = 20) {
  LossFinder finder(wire.Reader(), socket.Reader(), NodeAddresses({IpAddress::V4(kNode)}));
  std::vector<LostPacket> lost;
  for (double t = 0; t <= end; t += step) {
    const auto done = finder.Until(At(t), [&](const LossFinder::Loss& l) {
      EXPECT_LT(l.packet.at, At(t));
      lost.push_back(l.packet);
    });
    EXPECT_TRUE(done);
  }
  return lost;
}

TEST(LossFinder, WhatBothCapturesHaveIsNotLost) {
  Capture wire, socket;
  for (uint16_t i = 0; i < 50; ++i) {
    wire.In(1 + i * 0.1, i).Out(1.05 + i * 0.1, i);
    socket.In(1.001 + i * 0.1, i).Out(1.049 + i * 0.1, i);
  }
  EXPECT_TRUE(Find(wire, socket).empty());
}

TEST(LossFinder, APacketInThatOnlyTheWireHasIsLost) {
  Capture wire, socket;
  wire.In(1, 1).In(2, 2).In(3, 3);
  socket.In(1, 1).In(3, 3);
  const auto lost = Find(wire, socket);
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].at, At(2));
  EXPECT_EQ(lost[0].direction, CANDOR_IN);
  EXPECT_EQ(lost[0].captured, lost[0].length);
}

TEST(LossFinder, APacketOutThatOnlyTheSocketsHaveIsLost) {
  Capture wire, socket;
  socket.Out(1, 1).Out(2, 2).Out(3, 3);
  wire.Out(1, 1).Out(3.5, 3);
  const auto lost = Find(wire, socket);
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].at, At(2));
  EXPECT_EQ(lost[0].direction, CANDOR_OUT);
}

TEST(LossFinder, OfTwoEqualPacketsEachNeedsItsOwn) {
  Capture wire, socket;
  wire.In(1, 7).In(1.5, 7);
  socket.In(1, 7).In(9, 9);
  EXPECT_EQ(Find(wire, socket).size(), 1u);
}

TEST(LossFinder, BeforeTheSocketsCaptureBeginsNothingIsLost) {
  Capture wire, socket;
  wire.In(1, 1).In(2, 2).In(5, 5).In(6, 6);
  socket.In(5, 5);
  const auto lost = Find(wire, socket);
  ASSERT_EQ(lost.size(), 1u) << "and after its last packet everything is";
  EXPECT_EQ(lost[0].at, At(6));
}

TEST(LossFinder, WhatTheNodeSendsBeforeOrAfterTheWiresCaptureIsNotLost) {
  Capture wire, socket;
  wire.Out(2, 2).Out(3, 3);
  socket.Out(1, 1).Out(2, 2).Out(3, 3).Out(4, 4);
  EXPECT_TRUE(Find(wire, socket).empty());
}

TEST(LossFinder, TheResultDoesNotDependOnTheSteps) {
  Capture wire, socket;
  for (uint16_t i = 0; i < 100; ++i) {
    wire.In(1 + i * 0.1, i);
    if (i % 3 != 0) socket.In(1.2 + i * 0.1, i);
  }
  EXPECT_EQ(Find(wire, socket, 0.05).size(), Find(wire, socket, 5).size());
}

TEST(LossFinder, CapturesOfAHealthyNodeShowNoLoss) {
  const std::string folder = std::string(CANDOR_TEST_DATA) + "/captures/";
  auto wire = CaptureReader::Open(folder + "00_healthy.wire.pcap");
  auto socket = CaptureReader::Open(folder + "00_healthy.sock.pcap");
  ASSERT_TRUE(wire && socket);
  LossFinder finder(std::move(*wire), std::move(*socket), NodeAddresses({IpAddress::V4(kNode)}));
  size_t in = 0, out = 0;
  ASSERT_TRUE(finder.Until(Time::max() - std::chrono::hours(1), [&](const LossFinder::Loss& l) {
    ++(l.packet.direction == CANDOR_IN ? in : out);
  }));
  EXPECT_EQ(in, 0u);
  EXPECT_EQ(out, 0u);
}

}  // namespace
}  // namespace candor
