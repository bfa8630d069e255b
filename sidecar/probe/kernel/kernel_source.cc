// SPDX-License-Identifier: Apache-2.0
#include "probe/kernel/kernel_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "base/counted.h"
#include "bpf/sessions.h"
#include "probe/attach/cgroup_mount.h"
#include "probe/kernel/blindness.h"
#include "probe/kernel/kernel_forwarding.h"
#include "probe/kernel/load_kernel_probe.h"

namespace candor {

static_assert(SocketReader::kMostNamespaces <= CANDOR_DROP_NAMESPACES,
              "drops are counted in all namespaces that are read");
static_assert(SocketReader::kMostNamespaces <= CANDOR_SESSION_NAMESPACES,
              "sessions are counted in all namespaces that are read");

KernelSource::KernelSource(const ProbeOptions& options, const Executor& run)
    : KernelSource(
          options, [options, run] { return LoadKernelProbe(options, run); }, &MonotonicNow, run) {}

KernelSource::KernelSource(const ProbeOptions& options, Loader loader, Clock clock, const Executor& run)
    : options_(options),
      clock_(std::move(clock)),
      started_(clock_()),
      task_(std::move(loader), run),
      sockets_(options.proc, clock_),
      wrong_cgroup_([this](bool with_sockets) { return ReadFacts(with_sockets); }) {
  load_ = BlindWhileLoading();
  socket_evidence_.unavailable = "the probes are not loaded";
  Publish();
}

Result<size_t> KernelSource::Poll(Duration timeout, const std::function<void(const FlowEvent&)>& sink) {
  if (!probe_) {
    AwaitLoad(timeout);
    return size_t{0};
  }
  Result<size_t> delivered = size_t{0};
  if (MayReadRing()) {
    const bool can_wake = CanWake();
    if (can_wake) wake_.Wait(probe_->RingDescriptor(), timeout);
    delivered = probe_->PollRing(can_wake ? Duration{} : timeout, sink);
  } else {
    std::this_thread::sleep_for(timeout);
  }
  if (const Time now = clock_(); now >= next_check_) Check(now);
  return delivered;
}

bool KernelSource::CanWake() const {
  return probe_ && MayReadRing() && wake_.works() && probe_->RingDescriptor() >= 0;
}

void KernelSource::AwaitLoad(Duration timeout) {
  if (stage() == Stage::kFailed) {
    std::this_thread::sleep_for(timeout);
    return;
  }
  auto loaded = task_.TakeWithin(timeout);
  const Time now = clock_();
  if (loaded) {
    TakeLoadResult(std::move(*loaded), now);
  } else if (now - started_ >= options_.load_deadline) {
    load_ = BlindByDeadline(now - started_);
    Publish();
  }
}

void KernelSource::TakeLoadResult(LoadResult loaded, Time now) {
  probe_ = std::move(loaded.probe);
  load_ = probe_ ? Blindness{} : loaded.blindness;
  attach_ = probe_ ? loaded.blindness : Blindness{};
  was_attached_ = probe_ && !attach_.blind();
  unread_ = loaded.taken_over;
  owns_ring_ = !probe_ || probe_->OwnsRing();
  load_warnings_ = std::move(loaded.warnings);
  load_notes_ = std::move(loaded.notes);
  TakeDrops(std::move(loaded.drops));
  sessions_.Take(std::move(loaded.sessions));
  if (now - started_ >= options_.load_deadline) {
    load_notes_.push_back(fmt::format("loading the probes took {:.0f} s", Seconds(now - started_)));
  }
  {
    const std::lock_guard lock(mutex_);
    stage_ = probe_ ? Stage::kLoaded : Stage::kFailed;
  }
  next_sweep_ = now + options_.sweep_interval;
  if (probe_) {
    Check(now);
  } else {
    Publish();
  }
}

void KernelSource::Check(Time now) {
  next_check_ = now + options_.check_interval;
  CheckAttachment();
  if (!owns_ring_ && probe_->OwnsRing()) {
    owns_ring_ = true;
    unread_ = true;  // the events in the ring are older than the map
    load_notes_.push_back("the previous candord has ended: reads the event ring now");
  }
  CheckSockets();
  CheckDrops(now);
  CheckSessions(now);
  forwarding_ = ForwardingTables(options_.proc);
  const auto counters = probe_->ReadCounters();
  // Without the count of lost events a missing event is not evidence.
  reading_ = counters ? Blindness{} : BlindByReading(counters.error().message);
  if (counters) counters_ = *counters;
  CheckPlace(now);
  if (now >= next_sweep_) Sweep(now);
  Publish();
}

void KernelSource::Sweep(Time now) {
  next_sweep_ = now + options_.sweep_interval;
  const auto live = probe_->ForEach([](const FlowKey&, const FlowState&) {});
  if (live) {
    CountFlows(*live, counters_);
  } else {
    reading_ = BlindByReading(live.error().message);
  }
}

void KernelSource::CheckAttachment() {
  if (!attach_.blind() && probe_->StillAttached()) return;
  attach_ = probe_->Attach();
  if (!attach_.blind()) {
    if (was_attached_) ++reattached_;
    was_attached_ = true;
  } else if (was_attached_ && attach_.code == "cgroup_missing") {
    attach_ = BlindByRemovedCgroup(probe_->Target());
  }
}

// Without a cgroup no process is watched, so no socket counts.
void KernelSource::CheckSockets() {
  if (!options_.socket_evidence) {
    socket_evidence_.unavailable = "switched off (socket_evidence: false)";
  } else if (attach_.blind()) {
    socket_evidence_.unavailable = "the probes are not attached to a cgroup";
  } else {
    sockets_.Read(probe_->Target());
    socket_evidence_ = sockets_.evidence();
  }
}

void KernelSource::CheckPlace(Time now) {
  if (attach_.blind() || reading_.blind() || unread_) {
    wrong_cgroup_.Reset();
  } else {
    wrong_cgroup_.Note(now, counters_, Sockets());
  }
}

WatchFacts KernelSource::ReadFacts(bool with_sockets) const {
  WatchedPlace place;
  place.proc = options_.proc;
  place.cgroup = probe_->Target();
  place.mount = ReadCgroupMount(options_.proc).value_or("");
  place.automatic = options_.cgroup.empty() || options_.cgroup == "auto";
  place.port_min = options_.port_min;
  place.port_max = options_.port_max;
  place.own_network = sockets_.ReadsOwnNamespace();
  return ReadWatchFacts(place, with_sockets);
}

void KernelSource::TakeDrops(LoadedDrops loaded) {
  drops_ = std::move(loaded.reader);
  drop_evidence_.unavailable = std::move(loaded.unavailable);
  drop_evidence_.unreported = std::move(loaded.unreported);
  late_drops_ = std::move(loaded.late);
}

// Counts in the namespaces whose sockets are read, and in none while they are not.
void KernelSource::CheckDrops(Time now) {
  if (late_drops_) {
    if (auto loaded = late_drops_()) TakeDrops(std::move(*loaded));
  }
  if (drops_) {
    const bool read = socket_evidence_.unavailable.empty();
    const auto namespaces = read ? sockets_.NamespaceInodes() : std::vector<uint32_t>{};
    const bool unknown = read && namespaces.empty();
    drop_evidence_.unavailable =
        unknown ? "candord may not read /proc/PID/net/stat, which identifies network namespaces" : "";
    drops_->Watch(namespaces);
    Note(drops_->Read(), now, &drop_evidence_);
  }
  socket_evidence_.drops = drop_evidence_;
  socket_evidence_.counts.drops = drop_evidence_.sums;
  socket_evidence_.counts.drops_known = drop_evidence_.unavailable.empty();
}

void KernelSource::CheckSessions(Time now) {
  const bool read = socket_evidence_.unavailable.empty();
  const auto namespaces = read ? sockets_.NamespaceInodes() : std::vector<uint32_t>{};
  sessions_.Read(now, namespaces, socket_evidence_.unavailable);
}

void KernelSource::TakeLost(const std::function<void(const LostPacket&)>& sink) {
  if (drops_) drops_->TakeLost(sink);
}

bool KernelSource::Lookup(const FlowKey& key, FlowState* state) {
  return probe_ && probe_->Lookup(key, state);
}

void KernelSource::Forget(const FlowKey& key) {
  if (probe_ && probe_->Erase(key)) ++forgotten_;
}

void KernelSource::ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) {
  if (!probe_) return;
  // The count of lost events is read first: later losses need another sweep.
  const auto before = probe_->ReadCounters();
  if (owns_ring_) DrainBeforeSweep();
  const auto live = probe_->ForEach(visit);
  if (before && live) {
    counters_ = *before;
    if (std::exchange(unread_, false)) {
      // Flows evicted before this process do not count.
      const uint64_t inserted = counters_[CANDOR_C_FLOWS_NEW];
      forgotten_ = inserted > *live ? inserted - *live : 0;
      lost_before_ = counters_[CANDOR_C_RING_FULL];
    }
    reconciled_ = counters_[CANDOR_C_RING_FULL];
    CountFlows(*live, *before);
  }
  Publish();
}

// Events in the ring are older than the states that the sweep reads. Delivered after it they would set flows
// back, and the later event that would correct this may be lost.
void KernelSource::DrainBeforeSweep() {
  // After as many events as the ring holds, all events from before are out, even under load.
  for (size_t left = options_.ring_bytes / sizeof(candor_event) + 1, n = 1; left > 0 && n > 0; left -= n) {
    n = std::min(left, probe_->PollRing(Duration{}, [](const FlowEvent&) {}).value_or(0));
  }
}

// Flows inserted before the count that are neither present nor erased by this process were evicted. Inserts
// during the count can only hide an eviction until the next count.
void KernelSource::CountFlows(size_t live, const Counters& before) {
  open_ = live;
  const uint64_t gone = forgotten_ + live;
  const uint64_t inserted = before[CANDOR_C_FLOWS_NEW];
  evicted_ = std::max(evicted_, inserted > gone ? inserted - gone : 0);
}

bool KernelSource::NeedsSweep() const {
  return probe_ && (unread_ || !owns_ring_ || counters_[CANDOR_C_RING_FULL] > reconciled_);
}

CgroupInfo KernelSource::Cgroup(uint64_t id) {
  if (!cgroups_) {
    const auto mount = ReadCgroupMount(options_.proc);
    if (!mount) return {};
    cgroups_.emplace(*mount, options_.proc);
  }
  return cgroups_->Find(id, clock_());
}

NodeActivity KernelSource::Activity() { return probe_ ? probe_->ReadActivity() : NodeActivity{}; }

SocketCounts KernelSource::Sockets() {
  return socket_evidence_.unavailable.empty() ? socket_evidence_.counts : SocketCounts{};
}

SourceHealth KernelSource::Health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

KernelSource::Stage KernelSource::stage() const {
  const std::lock_guard lock(mutex_);
  return stage_;
}

Blindness KernelSource::Worst() const {
  if (load_.blind()) return load_;
  if (attach_.blind()) return attach_;
  if (reading_.blind()) return reading_;
  if (unread_) return BlindWhileCatchingUp();
  const uint64_t lost = counters_[CANDOR_C_RING_FULL];
  if (lost > reconciled_) return BlindByOverflow(lost - reconciled_);
  if (!forwarding_.empty()) return BlindByForwarding(forwarding_);
  return wrong_cgroup_.blindness();
}

std::vector<std::string> KernelSource::Notes() const {
  auto notes = load_notes_;
  if (reconciled_ > lost_before_) {
    notes.push_back(fmt::format("{} lost to a full ring and reconciled from the flow map",
                                Counted(reconciled_ - lost_before_, "flow event was", "flow events were")));
  }
  if (reattached_ > 0) {
    notes.push_back(
        fmt::format("attached again {} after the cgroup was recreated", Counted(reattached_, "time")));
  }
  return notes;
}

void KernelSource::Publish() {
  SourceHealth h;
  h.kind = "bpf";
  h.target = probe_ ? probe_->Target() : options_.cgroup;
  h.blindness = Worst();
  h.warnings = load_warnings_;
  if (auto limits = sockets_.Limits(); !limits.empty()) h.warnings.push_back(std::move(limits));
  if (!wrong_cgroup_.warning().empty()) h.warnings.push_back(wrong_cgroup_.warning());
  h.notes = Notes();
  h.counters = counters_;
  h.flows_open = open_;
  h.flows_max = options_.flows_max;
  h.flows_evicted = evicted_;
  h.sockets = socket_evidence_;
  h.sessions = sessions_.counts();
  const std::lock_guard lock(mutex_);
  health_ = std::move(h);
}

}  // namespace candor
