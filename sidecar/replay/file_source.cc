// SPDX-License-Identifier: Apache-2.0
#include "replay/file_source.h"

#include <fmt/format.h>

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
  return Begin(std::move(options), std::move(reader));
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
  auto time = NextTime();
  while (time && *time && **time < limit) {
    now_ = **time;
    has_next_ = false;
    events += intake_.Take(now_, next_, sink);
    time = NextTime();
  }
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
