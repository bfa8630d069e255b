// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "flow/flow_source.h"

namespace candor {

// `source: auto`: the first source until it has failed for good, then the second, whose Health() gives the
// reason of the change. One thread drives it; Health() and Wake() are thread-safe.
class FallbackSource final : public FlowSource {
 public:
  using Failed = std::function<bool()>;  // `first` has failed for good
  using Second = std::function<std::unique_ptr<FlowSource>()>;

  FallbackSource(std::unique_ptr<FlowSource> first, Failed failed, Second second)
      : source_(std::move(first)), failed_(std::move(failed)), second_(std::move(second)) {}

  Result<size_t> Poll(Duration timeout, const std::function<void(const FlowEvent&)>& sink) override;
  void Wake() override;
  bool CanWake() const override { return source_->CanWake(); }
  bool Lookup(const FlowKey& key, FlowState* state) override { return source_->Lookup(key, state); }
  void Forget(const FlowKey& key) override { source_->Forget(key); }
  void ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) override {
    source_->ForEach(visit);
  }
  bool NeedsSweep() const override { return source_->NeedsSweep(); }
  NodeActivity Activity() override { return source_->Activity(); }
  SocketCounts Sockets() override { return source_->Sockets(); }
  void TakeLost(const std::function<void(const LostPacket&)>& sink) override { source_->TakeLost(sink); }
  SessionCounts Sessions() override { return source_->Sessions(); }
  CgroupInfo Cgroup(uint64_t id) override { return source_->Cgroup(id); }
  SourceHealth Health() const override;

 private:
  mutable std::mutex mutex_;  // held where source_ is exchanged, by Health() and by Wake()
  std::unique_ptr<FlowSource> source_;
  Failed failed_;
  Second second_;          // empty once it was called
  Blindness first_error_;  // of the first source when it failed
};

}  // namespace candor
