// SPDX-License-Identifier: Apache-2.0
#include "replay/live/live_source.h"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

#include "base/poll.h"
#include "replay/live/live_handle.h"
#include "replay/live/local_addresses.h"

namespace candor {
namespace {

constexpr Duration kRefresh = std::chrono::seconds(5);
// During a flood the polling thread must still reach its ticks.
constexpr int kMaxPerPoll = 65536;

Duration WallNow() {
  timespec t{};
  clock_gettime(CLOCK_REALTIME, &t);
  return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

}  // namespace

Result<std::unique_ptr<LiveSource>> LiveSource::Open(LiveSourceOptions options) {
  std::vector<IpAddress> nodes = options.nodes;
  if (nodes.empty()) {
    auto local = LocalAddresses();
    if (!local) return tl::make_unexpected(local.error());
    nodes = std::move(*local);
  }
  auto handle =
      OpenLive({options.interface, options.buffer_bytes, options.table.port_min, options.table.port_max});
  if (!handle) return tl::make_unexpected(handle.error());
  return std::unique_ptr<LiveSource>(new LiveSource(std::move(options), handle->release(), std::move(nodes)));
}

LiveSource::LiveSource(LiveSourceOptions options, pcap* handle, std::vector<IpAddress> nodes)
    : options_(std::move(options)),
      handle_(handle),
      link_type_(static_cast<uint16_t>(pcap_datalink(handle))),
      tick_(pcap_get_tstamp_precision(handle) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000),
      intake_(NodeAddresses(std::move(nodes)), options_.table, Depth::kFirstIp),
      refreshed_(MonotonicNow()) {
  PublishHealth();
}

LiveSource::~LiveSource() { pcap_close(handle_); }

Result<size_t> LiveSource::Poll(Duration timeout, const FlowSink& sink) {
  pollfd ready{pcap_get_selectable_fd(handle_), POLLIN, 0};
  const Duration wait = std::clamp<Duration>(timeout, Duration::zero(), std::chrono::minutes(1));
  if (PollFds({&ready, 1}, wait) < 0)
    return FailErrno("cannot wait for packets on " + options_.interface, errno);
  const Time now = MonotonicNow();
  clock_.Sync(now, WallNow());
  auto events = Drain(sink);
  if (now - refreshed_ >= kRefresh) Refresh(now);
  PublishHealth();
  return events;
}

Result<size_t> LiveSource::Drain(const FlowSink& sink) {
  size_t events = 0;
  for (int i = 0; i < kMaxPerPoll; ++i) {
    pcap_pkthdr* head = nullptr;
    const u_char* data = nullptr;
    // Not pcap_dispatch: its callback would throw exceptions through frames of libpcap, which is C.
    const int got = pcap_next_ex(handle_, &head, &data);
    if (got == 0) break;
    if (got < 0) {
      return Fail(fmt::format("the capture on {} ended: {}", options_.interface, pcap_geterr(handle_)));
    }
    const Duration wall = std::chrono::seconds(head->ts.tv_sec) + head->ts.tv_usec * tick_;
    const CapturedPacket packet{
        clock_.At(wall), link_type_, {data, head->caplen}, std::max(head->len, head->caplen)};
    events += intake_.Take(packet.time, packet, sink);
  }
  return events;
}

void LiveSource::Refresh(Time now) {
  refreshed_ = now;
  pcap_stat stats{};
  if (pcap_stats(handle_, &stats) == 0) drops_.Update(now, stats.ps_recv, stats.ps_drop);
  if (!options_.nodes.empty()) return;
  // When it fails, the addresses of before stay in use.
  if (auto local = LocalAddresses()) intake_.SetNode(NodeAddresses(std::move(*local)));
}

void LiveSource::PublishHealth() {
  SourceHealth h;
  h.kind = "pcap";
  h.target = options_.interface;
  h.warnings.push_back(
      "live capture instead of BPF: every packet's head is copied to user space, which costs CPU");
  h.warnings.push_back(
      "no socket evidence: receive drops, failed sends and kernel drop reasons are not visible");
  h.notes.push_back(
      "tunnels are not looked into: media inside one shows on the tunnel's own interface (vxlan0, gre1, "
      "wg0)");
  h.sockets.unavailable = "a capture sees packets, not sockets";
  if (drops_.dropped() > 0) {
    h.warnings.push_back(
        fmt::format("the capture lost {} of {} packets since start", drops_.dropped(), drops_.received()));
  }
  if (drops_.blind()) {
    h.blindness = {
        "capture_drops",
        "the live capture loses more than 1 % of the packets: give candord more CPU, name the media "
        "ports, or allow it to load BPF programs"};
  }
  h.counters = intake_.table().counters();
  h.flows_open = intake_.table().size();
  h.flows_max = options_.table.max_flows;
  h.flows_evicted = intake_.table().evicted();
  health_.Write(std::move(h));
}

}  // namespace candor
