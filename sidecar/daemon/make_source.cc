// SPDX-License-Identifier: Apache-2.0
#include "daemon/make_source.h"

#include "daemon/capture_source.h"
#include "daemon/fallback_source.h"
#include "probe/kernel_source.h"
#include "replay/live_source.h"

namespace candor::daemon {
namespace {

std::unique_ptr<FlowSource> MakeCapture(const Config& config) {
  LiveSourceOptions live;
  live.interface = config.source.choice.interface;
  live.table = {config.source.max_flows, config.source.ports.min, config.source.ports.max};
  CaptureOptions options;
  options.target = live.interface;
  options.deadline = config.source.load_deadline;
  return std::make_unique<CaptureSource>(
      options, [live]() -> CaptureSource::Opened { return LiveSource::Open(live); }, &MonotonicNow);
}

std::unique_ptr<FlowSource> MakeAuto(const Config& config) {
  auto kernel = std::make_unique<KernelSource>(ProbeOptionsOf(config));
  // A load that hangs is not one that failed: a capture's filter would hang in the same place.
  auto failed = [&source = *kernel] { return source.stage() == KernelSource::Stage::kFailed; };
  return std::make_unique<FallbackSource>(std::move(kernel), failed,
                                          [config] { return MakeCapture(config); });
}

}  // namespace

std::unique_ptr<FlowSource> MakeSource(const Config& config) {
  switch (config.source.choice.kind) {
    case SourceChoice::Kind::kBpf:
      return std::make_unique<KernelSource>(ProbeOptionsOf(config));
    case SourceChoice::Kind::kPcap:
      return MakeCapture(config);
    case SourceChoice::Kind::kAuto:
      break;
  }
  return MakeAuto(config);
}

}  // namespace candor::daemon
