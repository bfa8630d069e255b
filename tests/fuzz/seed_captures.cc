// SPDX-License-Identifier: Apache-2.0
#include "replay/capture_file/capture_reader.h"
#include "replay/layers/decapsulate.h"
#include "seeds.h"
#include "tests/replay/layers/encapsulated_bytes.h"

namespace candor::fuzz {
namespace {

using testing::Ethernet;
using testing::Writer;

constexpr size_t kPackets = 24;

struct Frame {
  Time time{};
  Bytes ip;
  uint32_t wire = 0;
};

bool FirstFrames(const std::string& path, std::vector<Frame>* out) {
  auto reader = CaptureReader::Open(path);
  if (!reader) return false;
  CapturedPacket packet;
  while (out->size() < kPackets) {
    const auto more = reader->Next(&packet);
    if (!more) return false;
    if (!*more) break;
    const Decapsulated found =
        Decapsulate(packet.link_type, packet.bytes, packet.wire_length, Depth::kFirstIp);
    if (found.answer != FrameContent::kIp) continue;
    const IpPacket& ip = found.packet;
    out->push_back({packet.time, {ip.bytes.begin(), ip.bytes.end()}, ip.wire_length});
  }
  return !out->empty();
}

// Around an IPv4 packet, by LINKTYPE_* number.
Bytes Link(uint16_t type, const Bytes& ip) {
  switch (type) {
    case 0:  // BSD loopback
      return Bytes{2, 0, 0, 0} + ip;
    case 1:
      return Ethernet(0x0800, ip, {0x8100});
    case 113:  // Linux cooked v1
      return Bytes(14, 0) + Bytes{8, 0} + ip;
    case 276:  // ... and v2
      return Bytes{8, 0} + Bytes(18, 0) + ip;
    default:
      return ip;
  }
}

Bytes Pcap(const Writer& w, uint32_t magic, uint16_t link, const std::vector<Frame>& frames) {
  Bytes out = w.PcapHeader(magic, link);
  for (const Frame& f : frames) {
    const uint64_t us = NanosOf(f.time) / 1000;
    const Bytes data = Link(link, f.ip);
    out = out + w.PcapPacket(static_cast<uint32_t>(us / 1'000'000), static_cast<uint32_t>(us % 1'000'000),
                             data, static_cast<uint32_t>(data.size() - f.ip.size()) + f.wire);
  }
  return out;
}

// Whatever may stand around a packet: a packet and its plain copy, one kind after the other.
Bytes Wrapped(const Writer& w, const Frame& f) {
  Bytes out = w.PcapHeader(testing::kMicroMagic, 1);
  for (const testing::EncapsulatedRow& row : testing::EveryEncapsulation(f.ip)) {
    out = out + w.PcapPacket(7, 0, row.frame) + w.PcapPacket(7, 1'000'000, testing::Ethernet4(f.ip));
  }
  return out;
}

// Several interfaces, and every kind of packet block.
Bytes Pcapng(const Writer& w, const std::vector<Frame>& frames) {
  Bytes out = w.Section() + w.Interface(1) + w.Interface(101, 96, w.Option(9, {9}) + w.Option(0, {})) +
              w.Interface(276, 0, w.Option(9, {0x86}));
  for (size_t i = 0; i < frames.size(); ++i) {
    const uint64_t us = NanosOf(frames[i].time) / 1000;
    const Bytes& ip = frames[i].ip;
    const Bytes ethernet = Link(1, ip);
    switch (i % 4) {
      case 0:
        out = out + w.Enhanced(0, us, ethernet);
        break;
      case 1:
        out = out + w.Obsolete(1, us * 1000, ip);
        break;
      case 2:
        out = out + w.Simple(static_cast<uint32_t>(ethernet.size()), ethernet);
        break;
      default:
        out = out + w.Enhanced(2, us, Link(276, ip));
        break;
    }
  }
  return out + w.Statistics(0, 7);
}

}  // namespace

bool SeedCaptureFormats(const std::string& path, SeedFolder* out) {
  std::vector<Frame> frames;
  if (!FirstFrames(path, &frames)) return false;
  out->Add("capture", Pcap(Writer{}, testing::kMicroMagic, 1, frames));
  for (const uint16_t link : std::initializer_list<uint16_t>{0, 101, 113, 276}) {
    const std::vector<Frame> few(frames.begin(),
                                 frames.begin() + std::min<std::ptrdiff_t>(8, std::ssize(frames)));
    out->AddFirst("capture", "pcap" + std::to_string(link), Pcap(Writer{}, testing::kNanoMagic, link, few));
    out->AddFirst("capture", "big" + std::to_string(link),
                  Pcap(Writer{true}, testing::kMicroMagic, link, few));
  }
  if (frames[0].ip[0] >> 4 == 4) out->AddFirst("capture", "wrapped", Wrapped(Writer{}, frames[0]));
  out->Add("capture", Pcapng(Writer{}, frames));
  out->AddFirst("capture", "big pcapng", Pcapng(Writer{true}, frames));
  return true;
}

}  // namespace candor::fuzz
