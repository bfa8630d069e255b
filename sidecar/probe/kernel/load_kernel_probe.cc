// SPDX-License-Identifier: Apache-2.0
#include "probe/kernel/load_kernel_probe.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "base/counted.h"
#include "flow.skel.h"
#include "probe/attach/cgroup_mount.h"
#include "probe/kernel/blindness.h"
#include "probe/kernel/kernel_probe.h"
#include "probe/load/capabilities.h"
#include "probe/load/libbpf_log.h"

namespace candor {
namespace {

struct FreeObject {
  void operator()(flow_bpf* object) const { flow_bpf__destroy(object); }
};
using Object = std::unique_ptr<flow_bpf, FreeObject>;

LoadResult Failed(int error, const LibbpfLog& log, const ProbeOptions& options) {
  LoadFailure failure;
  failure.error = error;
  failure.missing = MissingCapabilities(OwnCapabilities());
  failure.has_btf = ::access((options.sys + "/kernel/btf/vmlinux").c_str(), R_OK) == 0;
  failure.log = log.Tail();
  return {nullptr, BlindByLoad(failure)};
}

// Opened, with map sizes and constants set; null with errno on failure. Nothing is in the kernel yet.
Object Open(const ProbeOptions& options) {
  Object object(flow_bpf__open());
  if (!object) return object;
  object->rodata->candor_config.port_min = options.port_min;
  object->rodata->candor_config.port_max = options.port_max;
  int rc = bpf_map__set_max_entries(object->maps.flows, options.flows_max);
  if (rc == 0) rc = bpf_map__set_max_entries(object->maps.events, options.ring_bytes);
  if (rc == 0) return object;
  errno = -rc;
  return nullptr;
}

// One load: takes over pins or loads, and collects the LoadResult.
class Loading {
 public:
  Loading(const ProbeOptions& options, Executor run, PinStore* store, std::string mount)
      : options_(options), run_(std::move(run)), store_(store) {
    parts_.mount = std::move(mount);
    parts_.cgroup = ResolveCgroup(parts_.mount, options.cgroup);
  }

  LoadResult Run();

 private:
  void LookForPins(const flow_bpf& object);
  bool TakePinned();
  bool ReplacePrograms(flow_bpf& object);
  bool LoadNew(flow_bpf& object);
  void PinNew(const flow_bpf& object);
  bool OpenRing();
  void NoteOthers(const Pins::Others& others);
  LoadResult Finish(std::optional<Attachment> attachment);
  void Note(std::string text) { notes_.push_back(std::move(text)); }
  void Warn(std::string text) {
    warnings_.push_back(pin_root_ && *pin_root_ ? (*pin_root_)->Named(std::move(text)) : std::move(text));
  }
  void Unpinned(const std::string& why) {
    parts_.pins.reset();
    Warn("a restart will lose the open flows: " + why);
  }

  const ProbeOptions& options_;
  const Executor run_;
  PinStore* const store_;
  const LibbpfLog log_;
  KernelProbe::Parts parts_;
  OpenedPinRoot pin_root_;
  Pins::Found found_ = Pins::Found::kNothing;
  std::optional<Attachment> attachment_;
  bool taken_over_ = false;
  int error_ = 0;
  std::vector<std::string> warnings_, notes_;
};

void Loading::LookForPins(const flow_bpf& object) {
  if (options_.pin.empty()) return;
  pin_root_ = options_.pin_root;
  if (!pin_root_) pin_root_ = std::make_shared<const Result<PinRoot>>(PinRoot::Open(options_.pin));
  auto pins = Pins::Open(pin_root_, parts_.cgroup, VersionOf(object, options_));
  if (!pins) return Unpinned(pins.error().message);
  parts_.pins = std::move(*pins);
  if (store_ != nullptr) {
    const auto restored = parts_.pins->Restore(store_->left());
    if (!restored) Warn("the objects kept by the service manager are lost: " + restored.error().message);
  }
  found_ = parts_.pins->Find();
  // Programs of another build, or for other ports, may run at the same time, each on its own maps.
  if (found_ == Pins::Found::kMapsHeld && !options_.take_over) found_ = Pins::Found::kNothing;
  if (found_ != Pins::Found::kHeld && found_ != Pins::Found::kMapsHeld) return;
  if (!options_.take_over) return Unpinned("another candord holds the pins of " + parts_.cgroup);
  if (const auto ok = parts_.pins->Follow(); !ok) return Unpinned(ok.error().message);
  parts_.owner = false;
}

// Loads no program: those of the previous process keep running without a gap.
bool Loading::TakePinned() {
  auto objects = ProbeObjects::Pinned(parts_.pins->folder());
  auto links = Attachment::Pinned(parts_.pins->folder(), parts_.cgroup);
  if (!objects || !links) {
    Warn("the objects pinned by an earlier candord were incomplete and were replaced: " +
         (objects ? links.error().message : objects.error().message));
    return false;
  }
  parts_.objects = std::move(*objects);
  attachment_ = std::move(*links);
  Note(parts_.owner ? "took over the probes and the flows of the previous candord"
                    : "follows the flows of the candord that is about to end");
  return taken_over_ = true;
}

// New programs on the same maps: flows are kept, and every packet meets a program. A candord that is about to
// end goes on reading the events: their layout has the same version (CANDOR_ABI_VERSION).
bool Loading::ReplacePrograms(flow_bpf& object) {
  const std::string folder = parts_.pins->folder();
  auto links = Attachment::Pinned(folder, parts_.cgroup);
  if (!links || !UsePinnedMaps(object, folder)) return false;
  if (flow_bpf__load(&object) != 0) return false;
  auto objects = ProbeObjects::Of(object);
  if (!objects || !links->Update(objects->ingress.get(), objects->egress.get())) return false;
  if (!PinObjects(object, folder) || !parts_.pins->Finish()) return false;
  parts_.objects = std::move(*objects);
  attachment_ = std::move(*links);
  Note(parts_.owner ? "replaced the programs and kept the flows of the previous candord"
                    : "replaced the programs of the candord that is about to end, and follows its flows");
  return taken_over_ = true;
}

bool Loading::LoadNew(flow_bpf& object) {
  error_ = -flow_bpf__load(&object);
  if (error_ != 0) return false;
  auto objects = ProbeObjects::Of(object);
  if (!objects) {
    error_ = objects.error().code;
    return false;
  }
  parts_.objects = std::move(*objects);
  PinNew(object);
  return true;
}

void Loading::PinNew(const flow_bpf& object) {
  if (!parts_.pins) return;
  auto done = parts_.pins->Begin();
  if (done) done = PinObjects(object, parts_.pins->folder());
  if (!done) Unpinned(done.error().message);
}

bool Loading::OpenRing() {
  auto ring = EventRing::Open(parts_.objects.events.get());
  if (!ring) {
    error_ = ring.error().code;
    return false;
  }
  parts_.ring = std::move(*ring);
  return true;
}

void Loading::NoteOthers(const Pins::Others& others) {
  if (others.removed > 0) {
    Note(
        fmt::format("replaced the probes of {} of candord, whose flows could not be taken over: "
                    "flows that were open at the start are not judged",
                    Counted(others.removed, "other version")));
  }
  if (options_.take_over && others.held > 0) {
    Note(
        "the candord that is about to end has maps of another layout: flows that were open at the start are "
        "not judged");
  }
}

LoadResult Loading::Finish(std::optional<Attachment> attachment) {
  const bool fresh = !attachment;
  auto probe = std::make_unique<KernelProbe>(std::move(parts_), options_, run_, store_);
  if (attachment) probe->Adopt(std::move(*attachment));
  LoadResult loaded;
  loaded.taken_over = taken_over_;
  if (fresh || !probe->StillAttached()) loaded.blindness = probe->AttachHere();
  if (fresh) {
    if (const auto named = probe->NamePins(); !named)
      Warn("a restart will lose the open flows: " + named.error().message);
  }
  NoteOthers(probe->RemoveOtherPins());
  loaded.warnings = warnings_;
  loaded.notes = notes_;
  loaded.probe = std::move(probe);
  return loaded;
}

LoadResult Loading::Run() {
  Object object = Open(options_);
  if (!object) return Failed(errno, log_, options_);
  LookForPins(*object);
  using Found = Pins::Found;
  bool there = parts_.pins && (found_ == Found::kSame || found_ == Found::kHeld) && TakePinned();
  if (!there && parts_.pins && (found_ == Found::kSameMaps || found_ == Found::kMapsHeld)) {
    there = ReplacePrograms(*object);
    if (!there) object = Open(options_);  // a failed load leaves it incomplete
  }
  if (!there && !parts_.owner) {
    parts_.owner = true;
    Unpinned("the pins of the previous candord cannot be followed");
  }
  if (!there && object) there = LoadNew(*object);
  if (!there || !OpenRing()) return Failed(error_ != 0 ? error_ : errno, log_, options_);
  return Finish(std::exchange(attachment_, std::nullopt));
}

}  // namespace

LoadResult LoadKernelProbe(const ProbeOptions& options, const Executor& run, PinStore* store) {
  const auto mount = ReadCgroupMount(options.proc);
  LoadResult loaded =
      mount ? Loading(options, run, store, *mount).Run() : LoadResult{nullptr, BlindWithoutCgroup2()};
  // In any case: objects that were not taken over must not stay attached because the store holds them.
  if (store != nullptr) store->Forget();
  return loaded;
}

}  // namespace candor
