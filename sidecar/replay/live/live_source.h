// SPDX-License-Identifier: Apache-2.0
//
// A live capture as a FlowSource, for hosts where BPF programs may not be loaded but CAP_NET_RAW is allowed
// (many containers). It copies the first bytes of every packet to user space and has no socket evidence; its
// health reports both. Times are CLOCK_MONOTONIC. One socket with one filter. Packets count by their first IP
// header, as in the IP stack of the host: the packets inside a tunnel come on the interface of the tunnel
// (vxlan0, gre1, ppp0, wg0), and would count twice on 'any'. One thread; Health() is thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "flow/flow_source.h"
#include "replay/live/drop_monitor.h"
#include "replay/live/live_clock.h"
#include "replay/packet_intake.h"
#include "replay/published_health.h"

struct pcap;

namespace candor {

struct LiveSourceOptions {
  std::string interface = "any";
  std::vector<IpAddress> nodes;  // addresses of the node; empty: those of this host, read every 5 s
  FlowTableOptions table;        // ports are those of the node
  int buffer_bytes = 16 << 20;   // of the kernel's ring; about 40,000 packets
};

class LiveSource final : public FlowSource {
 public:
  // Blocks while the kernel attaches the filter. Errors name the remedy: CAP_NET_RAW missing, no such
  // interface, interface down, a link type that is not read.
  static Result<std::unique_ptr<LiveSource>> Open(LiveSourceOptions options);
  ~LiveSource() override;

  Result<size_t> Poll(Duration timeout, const FlowSink& sink) override;
  bool Lookup(const FlowKey& key, FlowState* state) override { return intake_.table().Lookup(key, state); }
  void Forget(const FlowKey& key) override { intake_.table().Forget(key); }
  void ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) override {
    intake_.table().ForEach(visit);
  }
  NodeActivity Activity() override { return intake_.table().activity(); }
  SourceHealth Health() const override { return health_.Read(); }

 private:
  LiveSource(LiveSourceOptions options, pcap* handle, std::vector<IpAddress> nodes);
  Result<size_t> Drain(const FlowSink& sink);
  void Refresh(Time now);
  void PublishHealth();

  LiveSourceOptions options_;
  pcap* handle_;
  uint16_t link_type_;
  Duration tick_;  // a unit of a timestamp's fraction
  PacketIntake intake_;
  LiveClock clock_;
  DropMonitor drops_;
  Time refreshed_{};
  PublishedHealth health_;
};

}  // namespace candor
