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

// The loaded probes by their descriptors. Needs no capability but for attaching again, which `run` does.
class KernelProbe final : public ProbeHandle {
 public:
  struct Parts {
    ProbeObjects objects;
    std::unique_ptr<EventRing> ring;
    std::optional<Pins> pins;  // empty: nothing outlives this
    bool owner = true;         // false: another candord reads the ring (Pins::Follow)
    std::string mount, cgroup;
  };
  // `store` may be null, else it outlives the port.
  KernelProbe(Parts parts, const ProbeOptions& options, Executor run, PinStore* store);
  // A clean end: takes the probes out of the kernel, unless another candord waits for them or they are kept;
  // `store` holds them on for one that is yet to come.
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

  // Waits for `run` for at most a second; a kernel that takes longer leaves it blind until the next try.
  Blindness Attach() override;
  bool StillAttached() override { return attachment_ && attachment_->IsAttached(); }
  bool OwnsRing() override;

  // While loading, on the thread that loads: the links of an earlier process, or new ones.
  void Adopt(Attachment attachment) { attachment_ = std::move(attachment); }
  Blindness AttachHere();
  // The pins are complete: they get their name. Without it the next process begins anew.
  Result<void> NamePins();
  // Those of other versions of candord that have ended, told of in the answer, and of cgroups that are gone.
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
