// SPDX-License-Identifier: Apache-2.0
#include "probe/kernel/kernel_probe.h"

#include <fcntl.h>

#include <thread>
#include <utility>

#include "probe/kernel/blindness.h"
#include "probe/load/capabilities.h"
#include "probe/maps/percpu.h"

namespace candor {
namespace {

constexpr Duration kAttachTimeout = std::chrono::seconds(1);
constexpr Duration kStoreTimeout = std::chrono::milliseconds(300);  // delays the end of the process

}  // namespace

KernelProbe::KernelProbe(Parts parts, const ProbeOptions& options, Executor run, PinStore* store)
    : parts_(std::move(parts)),
      flows_(parts_.objects.flows.get()),
      keep_(options.keep_pins),
      run_(std::move(run)),
      store_(store) {}

KernelProbe::~KernelProbe() {
  if (!parts_.pins || !parts_.owner || keep_ || parts_.pins->IsFollowed()) return;
  if (store_ != nullptr) LeaveInStore();
  parts_.pins->Remove();
}

// If the store refuses them, or the kernel does not open them in time, the next candord loads new objects.
void KernelProbe::LeaveInStore() {
  const auto work = [folder = parts_.pins->folder(), root = parts_.pins->root()] { return OpenPins(folder); };
  DeadlineTask<KeptPins> open(work, run_);
  if (const auto pins = open.TakeWithin(kStoreTimeout)) store_->Keep(*pins);
}

Result<size_t> KernelProbe::PollRing(Duration timeout, const EventRing::Sink& sink) {
  return parts_.ring->Poll(timeout, sink);
}

Result<Counters> KernelProbe::ReadCounters() { return ReadCountersOf(parts_.objects.cpus.get()); }

NodeActivity KernelProbe::ReadActivity() {
  return ReadActivityOf(parts_.objects.cpus.get()).value_or(NodeActivity{});
}

// Captures by value: the thread may outlive this object. It pins as well, because only the attaching thread
// may (sidecar/daemon/privileges/syscall_filter.h).
std::function<KernelProbe::Attached()> KernelProbe::AttachWork() const {
  const auto copy = [](const UniqueFd& fd) {
    return std::make_shared<UniqueFd>(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 3));
  };
  const bool pinned = parts_.pins && parts_.owner;
  return [ingress = copy(parts_.objects.ingress), egress = copy(parts_.objects.egress),
          cgroup = parts_.cgroup, mount = parts_.mount, folder = pinned ? parts_.pins->folder() : "",
          root = pinned ? parts_.pins->root() : nullptr]() -> Attached {
    auto made = Attachment::Make(ingress->get(), egress->get(), cgroup);
    if (made) {
      // If pinning fails, the links last as long as this process and the next one attaches again.
      if (!folder.empty()) static_cast<void>(made->Pin(folder));
      return {std::move(made), {}};
    }
    const int code = made.error().code;
    return {std::move(made),
            BlindByAttach({code, cgroup, HasNetAdmin(OwnCapabilities()), ExclusivePrograms(mount, cgroup)})};
  };
}

Blindness KernelProbe::Attach() {
  if (!attaching_) {
    attachment_.reset();
    attaching_.emplace(AttachWork(), run_);
  }
  auto outcome = attaching_->TakeWithin(kAttachTimeout);
  if (!outcome) {
    return {"attach_failed",
            "attaching the probes to " + parts_.cgroup + " has not returned within a second"};
  }
  attaching_.reset();
  return Take(std::move(*outcome));
}

Blindness KernelProbe::AttachHere() { return Take(AttachWork()()); }

Blindness KernelProbe::Take(Attached outcome) {
  if (!outcome.made) return outcome.why_not;
  attachment_ = std::move(*outcome.made);
  return {};
}

Result<void> KernelProbe::NamePins() {
  if (!parts_.pins) return {};
  auto named = parts_.pins->Finish();
  if (!named) {
    parts_.pins->Remove();
    parts_.pins.reset();
  }
  return named;
}

Pins::Others KernelProbe::RemoveOtherPins() {
  if (!parts_.pins || !parts_.owner) return {};
  parts_.pins->RemoveOrphans();
  return parts_.pins->RemoveOthers();
}

bool KernelProbe::OwnsRing() {
  if (!parts_.owner) parts_.owner = parts_.pins->OwnerGone();
  return parts_.owner;
}

}  // namespace candor
