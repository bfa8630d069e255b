// SPDX-License-Identifier: Apache-2.0
#include "daemon/make_source.h"

#include "daemon/capture_source.h"
#include "daemon/fallback_source.h"
#include "probe/drops/drop_probe.h"
#include "probe/kernel/kernel_source.h"
#include "probe/kernel/load_kernel_probe.h"
#include "replay/live/live_source.h"

namespace candor::daemon {
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

// Usually it takes a tenth of a second. Nothing but the evidence waits for more.
constexpr Duration kDropProbeTimeout = std::chrono::seconds(1);

std::unique_ptr<KernelSource> MakeKernel(const Config& config, const PrivilegedThread& rights,
                                         PinStore& store, bool take_over) {
  ProbeOptions options = ProbeOptionsOf(config);
  options.take_over = take_over;
  options.pin_root = rights.pin_root();
  const auto load = [options, &rights, &store] {
    LoadResult loaded = LoadKernelProbe(options, rights.executor(), &store);
    // On a thread of its own, which has this one's rights as long as it lasts: if it hangs, this one goes on.
    if (loaded.probe) loaded.drops = AwaitDropProbe(options, kDropProbeTimeout);
    auto kept = rights.DropAfterLoad(loaded.probe != nullptr);
    (kept ? loaded.notes : loaded.warnings).push_back(kept ? std::move(*kept) : kept.error().message);
    return loaded;
  };
  return std::make_unique<KernelSource>(options, load, &MonotonicNow, rights.executor());
}

std::unique_ptr<FlowSource> MakeAuto(const Config& config, const PrivilegedThread& rights, PinStore& store,
                                     bool take_over) {
  auto kernel = MakeKernel(config, rights, store, take_over);
  // A load that hangs is not one that failed: a capture's filter would hang in the same place.
  auto failed = [&source = *kernel] { return source.stage() == KernelSource::Stage::kFailed; };
  return std::make_unique<FallbackSource>(
      std::move(kernel), failed, [config, run = rights.executor()] { return MakeCapture(config, run); });
}

}  // namespace

std::unique_ptr<FlowSource> MakeSource(const Config& config, const PrivilegedThread& rights, PinStore& store,
                                       bool take_over) {
  switch (config.source.choice.kind) {
    case SourceChoice::Kind::kBpf:
      return MakeKernel(config, rights, store, take_over);
    case SourceChoice::Kind::kPcap:
      store.Forget();
      return MakeCapture(config, rights.executor());
    case SourceChoice::Kind::kAuto:
      break;
  }
  return MakeAuto(config, rights, store, take_over);
}

}  // namespace candor::daemon
