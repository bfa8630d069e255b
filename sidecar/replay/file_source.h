// SPDX-License-Identifier: Apache-2.0
//
// A capture file as a FlowSource. Time is that of the packets and never runs backwards (monotonic_reader.h).
// One thread; Health() is thread-safe.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "flow/flow_source.h"
#include "replay/capture_asymmetry.h"
#include "replay/capture_file/monotonic_reader.h"
#include "replay/loss_finder.h"
#include "replay/packet_intake.h"
#include "replay/published_health.h"

namespace candor {

struct FileSourceOptions {
  std::string path;                          // "-": standard input
  std::vector<IpAddress> nodes;              // addresses of the node: they decide the direction of packets
  FlowTableOptions table;                    // ports are those of the node
  std::vector<IpPrefix> node_networks = {};  // whole networks of such addresses
  // A capture of the same time at the node's sockets; `path` then is of its wire, and packets that one of
  // them lacks are lost (loss_finder.h). Empty: none.
  std::string socket_path = {};
};

class FileSource final : public FlowSource {
 public:
  static Result<std::unique_ptr<FileSource>> Open(FileSourceOptions options);
  // For tests: `content`, with `options.path` as its name in messages.
  static Result<std::unique_ptr<FileSource>> FromMemory(FileSourceOptions options,
                                                        std::vector<uint8_t> content);
  // The same with a capture at the sockets.
  static Result<std::unique_ptr<FileSource>> FromMemory(FileSourceOptions options,
                                                        std::vector<uint8_t> content,
                                                        std::vector<uint8_t> socket_content);

  // The time of the next packet; nullopt at the end of the file. An error (damage) is final; the packets
  // before it have been delivered.
  Result<std::optional<Time>> NextTime();
  // Delivers the packets before `limit`; now() is then the time of the last of them.
  Result<size_t> PollUntil(Time limit, const FlowSink& sink);

  // Delivers the packets up to `timeout`, in capture time, after the next packet.
  Result<size_t> Poll(Duration timeout, const FlowSink& sink) override;
  bool Lookup(const FlowKey& key, FlowState* state) override { return intake_.table().Lookup(key, state); }
  void Forget(const FlowKey& key) override;
  void ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) override {
    intake_.table().ForEach(visit);
  }
  void TakeLost(const std::function<void(const LostPacket&)>& sink) override;
  NodeActivity Activity() override { return intake_.table().activity(); }
  SourceHealth Health() const override { return health_.Read(); }

  Time now() const { return now_; }  // of the last packet delivered; Time{}: none
  const IntakeCounts& counts() const { return intake_.counts(); }
  const PacketIntake& intake() const { return intake_; }
  const TimestampFaults& timestamps() const { return reader_.faults(); }
  // Over all flows, the forgotten ones too.
  CaptureAsymmetry Asymmetry() const;
  uint64_t lost() const { return reader_.reader().lost(); }  // packets, by the count in the file
  uint64_t bytes_read() const { return reader_.reader().offset(); }
  uint64_t bytes_total() const { return reader_.reader().size(); }  // 0: not known

 private:
  FileSource(FileSourceOptions options, CaptureReader reader);
  static Result<std::unique_ptr<FileSource>> Begin(FileSourceOptions options, Result<CaptureReader> reader);
  static Result<std::unique_ptr<FileSource>> Begin(FileSourceOptions options, Result<CaptureReader> reader,
                                                   Result<CaptureReader> again, Result<CaptureReader> socket);
  void PublishHealth();
  Result<void> FindLost(Time limit);
  // What a socket sent and the wire has not: its hook has seen it.
  size_t SendLost(Time until, const FlowSink& sink);
  bool WasLost() const;

  MonotonicReader reader_;
  PacketIntake intake_;
  size_t flows_max_;
  PublishedHealth health_;
  CapturedPacket next_;  // read and not yet delivered, when has_next_
  bool has_next_ = false;
  bool ended_ = false;
  std::optional<Error> damage_;
  Time now_{};
  CaptureAsymmetry forgotten_;
  std::unique_ptr<LossFinder> losses_;             // null without a capture at the sockets
  std::deque<LostPacket> lost_;                    // not taken yet
  std::deque<LostPacket> lost_out_;                // not passed to the flow table yet
  std::deque<std::pair<Time, uint64_t>> lost_in_;  // by content: not to be passed to it
};

}  // namespace candor
