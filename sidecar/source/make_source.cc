// SPDX-License-Identifier: Apache-2.0
#include "source/make_source.h"

#include <utility>

#include "probe/drops/drop_probe.h"
#include "probe/kernel/kernel_source.h"
#include "probe/kernel/load_kernel_probe.h"
#include "probe/sessions/session_probe.h"
#include "replay/live/live_source.h"
#include "source/capture_source.h"
#include "source/fallback_source.h"

namespace candor {
namespace {

std::unique_ptr<FlowSource> MakeCapture(const Config& config, const Executor& run) {
  LiveSourceOptions live;
  live.interface = config.source.choice.interface;
  live.table = {config.source.max_flows, config.source.ports.min, config.source.ports.max};
  CaptureOptions options;
  options.target = live.interface;
  options.deadline = config.source.load_deadline;
  return std::make_unique<CaptureSource>(
      options, [live]() -> CaptureSource::Opened { return LiveSource::Open(live); }, &MonotonicNow, run);
}

// Each takes about 0.1 s. Only the evidence of sockets and sessions waits for them.
constexpr Duration kOtherProbeTimeout = std::chrono::seconds(1);

std::unique_ptr<KernelSource> MakeKernel(const Config& config, const SourceAccess& access) {
  ProbeOptions options = ProbeOptionsOf(config);
  options.take_over = access.take_over;
  options.pin_root = access.pin_root;
  const auto load = [options, access] {
    LoadResult loaded = LoadKernelProbe(options, access.executor, access.store);
    // On threads of their own, which inherit the capabilities of this one: if one hangs, this one goes on.
    if (loaded.probe) {
      loaded.drops = AwaitDropProbe(options, kOtherProbeTimeout);
      loaded.sessions = AwaitSessionProbe(options, kOtherProbeTimeout);
    }
    auto kept = access.drop_capabilities(loaded.probe != nullptr);
    (kept ? loaded.notes : loaded.warnings).push_back(kept ? std::move(*kept) : kept.error().message);
    return loaded;
  };
  return std::make_unique<KernelSource>(options, load, &MonotonicNow, access.executor);
}

std::unique_ptr<FlowSource> MakeAuto(const Config& config, const SourceAccess& access) {
  auto kernel = MakeKernel(config, access);
  // Not while a load hangs: the filter of a capture would hang in the same place of the kernel.
  auto failed = [&source = *kernel] { return source.stage() == KernelSource::Stage::kFailed; };
  return std::make_unique<FallbackSource>(
      std::move(kernel), failed, [config, run = access.executor] { return MakeCapture(config, run); });
}

}  // namespace

std::unique_ptr<FlowSource> MakeSource(const Config& config, const SourceAccess& access) {
  switch (config.source.choice.kind) {
    case SourceChoice::Kind::kBpf:
      return MakeKernel(config, access);
    case SourceChoice::Kind::kPcap:
      access.store->Forget();
      return MakeCapture(config, access.executor);
    case SourceChoice::Kind::kAuto:
      break;
  }
  return MakeAuto(config, access);
}

}  // namespace candor
