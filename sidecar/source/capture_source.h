// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "flow/flow_source.h"
#include "probe/load/deadline_task.h"
#include "replay/published_health.h"

namespace candor {

struct CaptureOptions {
  std::string target;  // the interface, as Health() shows it
  Duration deadline = std::chrono::seconds(10);
  Duration retry = std::chrono::seconds(5);  // an interface may come up later
};

// A live capture. `run` opens it on another thread, because attaching its filter may hang as a BPF load may;
// after an error it is opened again. Until it is open, Health() gives the reason. Poll() never fails. One
// thread drives it; Health() is thread-safe.
class CaptureSource final : public FlowSource {
 public:
  using Opened = Result<std::unique_ptr<FlowSource>>;
  using Opener = std::function<Opened()>;

  CaptureSource(CaptureOptions options, Opener open, std::function<Time()> clock,
                Executor run = ThreadForEach());

  Result<size_t> Poll(Duration timeout, const std::function<void(const FlowEvent&)>& sink) override;
  bool Lookup(const FlowKey& key, FlowState* state) override { return open_ && open_->Lookup(key, state); }
  void Forget(const FlowKey& key) override {
    if (open_) open_->Forget(key);
  }
  void ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) override {
    if (open_) open_->ForEach(visit);
  }
  NodeActivity Activity() override { return open_ ? open_->Activity() : NodeActivity{}; }
  SourceHealth Health() const override { return health_.Read(); }

 private:
  void Await(Duration timeout);
  void SetBlind(std::string code, std::string text);

  const CaptureOptions options_;
  const Opener opener_;
  const std::function<Time()> clock_;
  const Executor run_;
  std::unique_ptr<FlowSource> open_;
  std::optional<DeadlineTask<Opened>> opening_;
  Time tried_{};  // the last opening began, or the capture ended
  PublishedHealth health_;
};

}  // namespace candor
