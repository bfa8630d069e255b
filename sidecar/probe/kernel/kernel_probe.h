// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "probe/attach/attachment.h"
#include "probe/kernel/probe_handle.h"
#include "probe/kernel/probe_objects.h"
#include "probe/load/deadline_task.h"
#include "probe/maps/event_ring.h"
#include "probe/maps/flow_map.h"
#include "probe/pins/pins.h"
#include "probe/probe_options.h"

namespace candor {

// The loaded BPF objects by their descriptors. Needs no capability except to attach again, which `run` does.
// One thread.
// Tested in tests/bpf/sockets_test.cc and tests/probe/kernel/load_kernel_probe_test.cc.
class KernelProbe final : public ProbeHandle {
 public:
  struct Parts {
    ProbeObjects objects;
    std::unique_ptr<EventRing> ring;
    std::optional<Pins> pins;  // empty: nothing is pinned
    bool owner = true;         // false: another candord reads the ring (Pins::Follow)
    std::string mount, cgroup;
  };
  // `store` may be null; otherwise it outlives this object.
  KernelProbe(Parts parts, const ProbeOptions& options, Executor run, PinStore* store);
  // A clean end: removes the probes from the kernel, unless another candord waits for them or `keep_pins` is
  // set. `store` keeps them for the next candord.
  ~KernelProbe() override;

  Result<size_t> PollRing(Duration timeout, const EventRing::Sink& sink) override;
  int RingDescriptor() const override { return parts_.ring->descriptor(); }
  bool Lookup(const FlowKey& key, FlowState* state) override { return flows_.Lookup(key, state); }
  bool Erase(const FlowKey& key) override { return flows_.Erase(key); }
  Result<size_t> ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) override {
    return flows_.ForEach(visit);
  }
  Result<Counters> ReadCounters() override;
  NodeActivity ReadActivity() override;
  std::string Target() const override { return parts_.cgroup; }

  // Waits at most a second; if the kernel takes longer, it is not attached until the next call.
  Blindness Attach() override;
  bool StillAttached() override { return attachment_ && attachment_->IsAttached(); }
  bool OwnsRing() override;

  // While loading, on the loading thread: takes over the links of an earlier process, or makes new ones.
  void Adopt(Attachment attachment) { attachment_ = std::move(attachment); }
  Blindness AttachHere();
  // Gives the complete pins their name. Without it the next process loads new objects.
  Result<void> NamePins();
  // Removes the pins of other versions that have ended (counted in the result) and of removed cgroups.
  Pins::Others RemoveOtherPins();

 private:
  struct Attached {
    Result<Attachment> made;
    Blindness why_not;
  };
  std::function<Attached()> AttachWork() const;
  void LeaveInStore();
  Blindness Take(Attached outcome);

  Parts parts_;
  FlowMap flows_;
  const bool keep_;
  const Executor run_;
  PinStore* const store_;
  std::optional<Attachment> attachment_;
  std::optional<DeadlineTask<Attached>> attaching_;
};

}  // namespace candor
