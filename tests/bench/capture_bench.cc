// SPDX-License-Identifier: Apache-2.0
//
// How fast a media-heavy capture is replayed: 2,000 RTP flows, both ways, as tcpdump -s 128 keeps them on
// Ethernet; from a file, through reader, link layer, packet parser and flow table, on one core. The target is
// 1,000,000 packets a second.
#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "replay/file_source.h"
#include "tests/replay/capture_bytes.h"

namespace candor {
namespace {

using namespace testing;  // capture_bytes.h

constexpr uint32_t kNode = 0x0a630001;
constexpr uint16_t kFlows = 2000;
constexpr uint32_t kRounds = 250;
constexpr uint32_t kSnap = 128;

Bytes MediaPacket(uint32_t round, uint16_t flow, bool out) {
  const uint32_t peer = 0xcb000000u + flow;
  const auto port = static_cast<uint16_t>(20000 + flow);
  const Bytes rtp = Rtp(static_cast<uint16_t>(round), out ? 7 : peer, 1000);
  Bytes frame =
      Ethernet(0x0800, out ? Udp4(kNode, port, peer, 5000, rtp) : Udp4(peer, 5000, kNode, port, rtp));
  const auto wire = static_cast<uint32_t>(frame.size());
  frame.resize(kSnap);
  const uint32_t micros = round * 20000;
  return Writer().PcapPacket(1000 + micros / 1000000, micros % 1000000, frame, wire);
}

// One file of a million packets, written once.
const std::string& CaptureFile() {
  static const std::string path = [] {
    std::string name = "/tmp/candor_capture_bench." + std::to_string(getpid()) + ".pcap";
    std::ofstream out(name, std::ios::binary);
    const auto put = [&](const Bytes& b) {
      out.write(reinterpret_cast<const char*>(b.data()), static_cast<std::streamsize>(b.size()));
    };
    put(Writer().PcapHeader(kMicroMagic, 1));
    for (uint32_t round = 0; round < kRounds; ++round) {
      for (uint16_t flow = 0; flow < kFlows; ++flow) {
        put(MediaPacket(round, flow, false));
        put(MediaPacket(round, flow, true));
      }
    }
    return name;
  }();
  return path;
}

void ReplayMedia(benchmark::State& state) {
  const std::string& path = CaptureFile();
  uint64_t packets = 0;
  for (auto _ : state) {
    const auto source = FileSource::Open({path, {IpAddress::V4(kNode)}, {}});
    if (!source) return state.SkipWithError(source.error().message.c_str());
    const auto events = (*source)->PollUntil(TimeFromNanos(uint64_t{1} << 62), [](const FlowEvent&) {});
    if (!events || (*source)->Health().flows_open != kFlows)
      return state.SkipWithError("not what was written");
    packets += (*source)->counts().captured;
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["packets_per_second"] =
      benchmark::Counter(static_cast<double>(packets), benchmark::Counter::kIsRate);
  state.counters["peak_memory_MiB"] = static_cast<double>(usage.ru_maxrss) / 1024;
  std::remove(path.c_str());
}
BENCHMARK(ReplayMedia)->Unit(benchmark::kMillisecond)->Iterations(5);

}  // namespace
}  // namespace candor

BENCHMARK_MAIN();
