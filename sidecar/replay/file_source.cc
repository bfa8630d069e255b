// SPDX-License-Identifier: Apache-2.0
#include "replay/file_source.h"

#include <fmt/format.h>

#include <algorithm>

namespace candor {

FileSource::FileSource(FileSourceOptions options, CaptureReader reader)
    : reader_(std::move(reader)),
      intake_(NodeAddresses(std::move(options.nodes), std::move(options.node_networks)), options.table,
              Depth::kInnermostIp),
      flows_max_(options.table.max_flows) {
  PublishHealth();
}

Result<std::unique_ptr<FileSource>> FileSource::Open(FileSourceOptions options) {
  auto reader = CaptureReader::Open(options.path);
  if (options.socket_path.empty()) return Begin(std::move(options), std::move(reader));
  if (options.path == "-" || options.socket_path == "-")
    return Fail("a capture beside another one cannot be standard input: it is read twice");
  auto again = CaptureReader::Open(options.path);
  auto socket = CaptureReader::Open(options.socket_path);
  return Begin(std::move(options), std::move(reader), std::move(again), std::move(socket));
}

Result<std::unique_ptr<FileSource>> FileSource::FromMemory(FileSourceOptions options,
                                                           std::vector<uint8_t> content) {
  auto reader = CaptureReader::FromMemory(options.path, std::move(content));
  return Begin(std::move(options), std::move(reader));
}

Result<std::unique_ptr<FileSource>> FileSource::Begin(FileSourceOptions options,
                                                      Result<CaptureReader> reader) {
  if (!reader) return tl::make_unexpected(reader.error());
  return std::unique_ptr<FileSource>(new FileSource(std::move(options), std::move(*reader)));
}

Result<std::unique_ptr<FileSource>> FileSource::FromMemory(FileSourceOptions options,
                                                           std::vector<uint8_t> content,
                                                           std::vector<uint8_t> socket_content) {
  auto again = CaptureReader::FromMemory(options.path, content);
  auto reader = CaptureReader::FromMemory(options.path, std::move(content));
  auto socket = CaptureReader::FromMemory(options.socket_path, std::move(socket_content));
  return Begin(std::move(options), std::move(reader), std::move(again), std::move(socket));
}

Result<std::unique_ptr<FileSource>> FileSource::Begin(FileSourceOptions options, Result<CaptureReader> reader,
                                                      Result<CaptureReader> again,
                                                      Result<CaptureReader> socket) {
  NodeAddresses node(options.nodes, options.node_networks);
  auto source = Begin(std::move(options), std::move(reader));
  if (!source) return source;
  if (!again) return tl::make_unexpected(again.error());
  if (!socket) return tl::make_unexpected(socket.error());
  (*source)->losses_ = std::make_unique<LossFinder>(std::move(*again), std::move(*socket), std::move(node));
  return source;
}

Result<void> FileSource::FindLost(Time limit) {
  if (losses_ == nullptr) return {};
  return losses_->Until(limit, [&](const LossFinder::Loss& loss) {
    lost_.push_back(loss.packet);
    if (loss.packet.direction == CANDOR_OUT) return lost_out_.push_back(loss.packet);
    lost_in_.emplace_back(loss.packet.at, loss.content);
  });
}

size_t FileSource::SendLost(Time until, const FlowSink& sink) {
  size_t events = 0;
  for (; !lost_out_.empty() && lost_out_.front().at <= until; lost_out_.pop_front()) {
    const LostPacket& p = lost_out_.front();
    FlowEvent e;
    if (!intake_.table().Packet(p.at, p.direction, p.bytes(), p.length, p.segments, &e)) continue;
    sink(e);
    ++events;
  }
  return events;
}

bool FileSource::WasLost() const {
  if (lost_in_.empty()) return false;
  const auto p = Identify(next_, intake_.node());
  if (!p || p->direction != CANDOR_IN) return false;
  const std::pair wanted(next_.time, p->content);
  const auto later = [&](const auto& lost) { return lost.first > next_.time; };
  const auto end = std::find_if(lost_in_.begin(), lost_in_.end(), later);
  return std::find(lost_in_.begin(), end, wanted) != end;
}

void FileSource::TakeLost(const std::function<void(const LostPacket&)>& sink) {
  for (const LostPacket& p : lost_) sink(p);
  lost_.clear();
}

Result<std::optional<Time>> FileSource::NextTime() {
  if (!has_next_ && !ended_) {
    const auto more = reader_.Next(&next_);
    ended_ = !more || !*more;
    if (!more) damage_ = more.error();
    has_next_ = more && *more;
    // Captures with relative times begin at 0, which a flow takes for "never".
    if (has_next_ && next_.time == Time{}) next_.time = TimeFromNanos(1);
  }
  if (damage_) return tl::make_unexpected(*damage_);
  return has_next_ ? std::optional<Time>(next_.time) : std::nullopt;
}

Result<size_t> FileSource::PollUntil(Time limit, const FlowSink& sink) {
  size_t events = 0;
  const auto found = FindLost(limit);
  auto time = NextTime();
  while (time && *time && **time < limit) {
    now_ = **time;
    has_next_ = false;
    events += SendLost(now_, sink);
    while (!lost_in_.empty() && lost_in_.front().first < now_) lost_in_.pop_front();
    if (WasLost()) {
      intake_.CountLost(next_);
    } else {
      events += intake_.Take(now_, next_, sink);
    }
    time = NextTime();
  }
  if (!found) return tl::make_unexpected(found.error());
  PublishHealth();
  if (!time) return tl::make_unexpected(time.error());
  return events;
}

Result<size_t> FileSource::Poll(Duration timeout, const FlowSink& sink) {
  const auto time = NextTime();
  if (!time) return tl::make_unexpected(time.error());
  if (!*time) return 0;
  return PollUntil(**time + timeout + Duration(1), sink);
}

void FileSource::Forget(const FlowKey& key) {
  FlowState state;
  if (intake_.table().Lookup(key, &state)) forgotten_.Add(state);
  intake_.table().Forget(key);
}

CaptureAsymmetry FileSource::Asymmetry() const {
  CaptureAsymmetry all = forgotten_;
  intake_.table().ForEach([&](const FlowKey&, const FlowState& state) { all.Add(state); });
  return all;
}

void FileSource::PublishHealth() {
  SourceHealth h;
  h.kind = "file";
  h.target = reader_.reader().name();
  h.warnings.push_back("a capture has no socket evidence: no receive drops, no failed sends");
  h.sockets.unavailable = "a capture sees packets, not sockets";
  if (reader_.reader().lost() > 0)
    h.warnings.push_back(fmt::format("the capture itself lost {} packets", reader_.reader().lost()));
  h.counters = intake_.table().counters();
  h.flows_open = intake_.table().size();
  h.flows_max = flows_max_;
  h.flows_evicted = intake_.table().evicted();
  health_.Write(std::move(h));
}

}  // namespace candor
