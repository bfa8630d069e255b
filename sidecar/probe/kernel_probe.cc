// SPDX-License-Identifier: Apache-2.0
#include "probe/kernel_probe.h"

#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "flow.skel.h"
#include "probe/attachment.h"
#include "probe/capabilities.h"
#include "probe/cgroup_mount.h"
#include "probe/event_ring.h"
#include "probe/flow_map.h"
#include "probe/libbpf_log.h"
#include "probe/percpu.h"
#include "probe/proc_file.h"

namespace candor {
namespace {

struct FreeObject {
  void operator()(flow_bpf* object) const { flow_bpf__destroy(object); }
};
using Object = std::unique_ptr<flow_bpf, FreeObject>;

// All capabilities when /proc does not tell: then none is blamed.
uint64_t OwnCapabilities(const std::string& proc) {
  // thread-self: after a change of credentials each thread has its own.
  return ReadProcFile(proc + "/thread-self/status")
      .and_then([](const std::string& text) { return ParseEffectiveCapabilities(text); })
      .value_or(~uint64_t{0});
}

class KernelProbe final : public ProbePort {
 public:
  KernelProbe(Object object, std::unique_ptr<EventRing> ring, std::string mount, const ProbeOptions& options)
      : object_(std::move(object)),
        ring_(std::move(ring)),
        flows_(bpf_map__fd(object_->maps.flows)),
        mount_(std::move(mount)),
        cgroup_(ResolveCgroup(mount_, options.cgroup)),
        proc_(options.proc) {}

  Result<size_t> PollRing(Duration timeout, const EventRing::Sink& sink) override {
    return ring_->Poll(timeout, sink);
  }
  bool Look(const FlowKey& key, FlowState* state) override { return flows_.Look(key, state); }
  bool Erase(const FlowKey& key) override { return flows_.Erase(key); }
  Result<size_t> ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) override {
    return flows_.ForEach(visit);
  }
  Result<Counters> ReadCounters() override { return ReadCountersOf(bpf_map__fd(object_->maps.cpus)); }
  NodeActivity ReadActivity() override {
    return ReadActivityOf(bpf_map__fd(object_->maps.cpus)).value_or(NodeActivity{});
  }
  std::string Target() const override { return cgroup_; }

  Blindness Attach() override;
  bool StillAttached() override { return attachment_ && attachment_->Holds(); }

 private:
  Object object_;
  std::unique_ptr<EventRing> ring_;
  FlowMap flows_;
  std::string mount_, cgroup_, proc_;
  std::optional<Attachment> attachment_;
};

Blindness KernelProbe::Attach() {
  attachment_.reset();
  auto made = Attachment::Make(bpf_program__fd(object_->progs.candor_ingress),
                               bpf_program__fd(object_->progs.candor_egress), cgroup_);
  if (!made) {
    const bool net_admin = HasNetAdmin(OwnCapabilities(proc_));
    return BlindByAttach({made.error().code, cgroup_, net_admin, ExclusivePrograms(mount_, cgroup_)});
  }
  attachment_ = std::move(*made);
  return {};
}

Loaded Failed(int error, const LibbpfLog& log, const ProbeOptions& options) {
  LoadFailure failure;
  failure.error = error;
  failure.missing = MissingCapabilities(OwnCapabilities(options.proc));
  failure.has_btf = ::access((options.sys + "/kernel/btf/vmlinux").c_str(), R_OK) == 0;
  failure.log = log.Tail();
  return {nullptr, BlindByLoad(failure)};
}

// 0, or the errno of the step that failed.
int Prepare(flow_bpf* object, const ProbeOptions& options) {
  object->rodata->candor_config.port_min = options.port_min;
  object->rodata->candor_config.port_max = options.port_max;
  if (const int rc = bpf_map__set_max_entries(object->maps.flows, options.flows_max); rc != 0) return -rc;
  if (const int rc = bpf_map__set_max_entries(object->maps.events, options.ring_bytes); rc != 0) return -rc;
  return -flow_bpf__load(object);
}

}  // namespace

Loaded LoadKernelProbe(const ProbeOptions& options) {
  const auto mount = ReadCgroupMount(options.proc);
  if (!mount) return {nullptr, BlindWithoutCgroup2()};
  const LibbpfLog log;
  Object object(flow_bpf__open());
  if (!object) return Failed(errno, log, options);
  if (const int error = Prepare(object.get(), options); error != 0) return Failed(error, log, options);
  auto ring = EventRing::Open(bpf_map__fd(object->maps.events));
  if (!ring) return Failed(ring.error().code, log, options);
  auto probe = std::make_unique<KernelProbe>(std::move(object), std::move(*ring), *mount, options);
  Blindness attach = probe->Attach();
  return {std::move(probe), std::move(attach)};
}

}  // namespace candor
