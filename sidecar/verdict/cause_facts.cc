// SPDX-License-Identifier: Apache-2.0
//
// Causes that the machine shows at the moment of the alarm. Tested in tests/verdict/cause_finder_test.cc.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "verdict/cause_candidate.h"
#include "verdict/explain_text.h"

namespace candor {
namespace {

using enum CauseCode;
using Found = std::optional<CauseCandidate>;

constexpr double kMuchThrottled = 0.25;  // of the wall time: more than the patience of a check in a second
constexpr double kManyPeriods = 0.5;     // of the cgroup's periods
// Of the wall time during which every runnable task of the cgroup waited for a CPU. "Some" is near 1 on any
// busy machine whose servers are well.
constexpr double kStarved = 0.5;
constexpr double kNearLimit = 0.98;  // of descriptors
// Of a range in which each session has its own: a pair, or a client's and its leg.
constexpr uint32_t kFewestPorts = 2;
constexpr Duration kUnread = std::chrono::milliseconds(900);  // at least two readings
constexpr uint64_t kQueued = 4096;                            // bytes: several packets
constexpr Duration kYoung = std::chrono::seconds(30);
// A supervisor starts an ended server again within seconds (systemd: RestartSec; Kubernetes: at once, then 10
// s).
constexpr Duration kMayComeBack = std::chrono::seconds(5);

std::string NameOf(const ProcessName& p) { return fmt::format("{} (pid {})", p.name, p.pid); }

std::string NamesOf(const std::vector<ProcessName>& all) {
  std::vector<std::string> names;
  for (const ProcessName& p : all) names.push_back(NameOf(p));
  return fmt::format("{}", fmt::join(names, ", "));
}

Found Frozen(const LocalFacts& f) {
  if (f.frozen.known() && !f.frozen->empty())
    return {{kFrozen, true, fmt::format("The cgroup {} is frozen.", *f.frozen)}};
  if (!f.processes.known() || f.processes->stopped.empty()) return {};
  return {{kFrozen, true,
           fmt::format("{} of {} is stopped, by a signal or a debugger: {}.", f.processes->stopped.size(),
                       Many(f.processes->processes, "process"), NamesOf(f.processes->stopped))}};
}

Found Blocked(const LocalFacts& f) {
  if (!f.processes.known() || f.processes->blocked.empty()) return {};
  return {{kBlockedDisk, true,
           fmt::format("The media server waits for a disk or a file system and not for packets: {} in state "
                       "D in two readings.",
                       NamesOf(f.processes->blocked))}};
}

Found OutOfMemory(const LocalFacts& f) {
  if (!f.memory.known()) return {};
  if (f.memory->oom_kill > 0) {
    return {{kOutOfMemory, true,
             fmt::format("The kernel has killed {} of the media server's cgroup for lack of memory.",
                         Many(f.memory->oom_kill, "process"))}};
  }
  // Of which cgroup is not known: only where the media server has just ended or begun.
  const bool young = f.processes.known() && (f.processes->processes == 0 || f.processes->restarts > 0);
  if (f.memory->machine_oom_kill == 0 || !young) return {};
  return {{kOutOfMemory, false,
           fmt::format("The kernel has killed {} on this machine for lack of memory, and the media server "
                       "has ended meanwhile.",
                       Many(f.memory->machine_oom_kill, "process"))}};
}

// It has ended twice within kRestartMemory.
Found RestartLoop(const LocalFacts& f) {
  if (!f.processes.known()) return {};
  const ProcessFacts& p = *f.processes;
  const uint32_t restarts = std::max(p.restarts, p.replaced);
  const bool gone_again = p.processes == 0 && restarts == 1;
  if (restarts < 2 && !gone_again) return {};
  const std::string now =
      p.processes == 0 ? "it has ended again" : fmt::format("{} is {} old", NameOf(p.youngest), Span(p.age));
  const bool whole = p.replaced > 0;  // else a part of it, or a helper that is started for each call
  return {{kRestartLoop, whole,
           fmt::format("{} again: {} within {}; {}.",
                       whole ? "The media server ends and begins"
                             : "A process in the media server's cgroup ends and begins",
                       Many(restarts, "restart"), Span(p.restarts_within), now)}};
}

Found ProcessGone(const LocalFacts& f) {
  if (!f.processes.known() || f.processes->processes > 0) return {};
  // A supervisor starts it again: then it is a restart, or one of many.
  if (f.processes->gone < kMayComeBack) {
    return {
        {kProcessGone, true,
         "No process is left in the media server's cgroup; whether it is started again cannot be told yet.",
         false}};
  }
  return {{kProcessGone, true, "No process is left in the media server's cgroup."}};
}

Found Throttled(const LocalFacts& f) {
  if (!f.throttling.known() || f.throttling->periods == 0) return {};
  const Throttling& t = *f.throttling;
  const double share = Seconds(t.throttled) / std::max(1e-3, Seconds(t.window));
  const double periods = static_cast<double>(t.throttled_periods) / static_cast<double>(t.periods);
  if (share < kMuchThrottled || periods < kManyPeriods) return {};
  return {
      {kThrottled, true,
       fmt::format("The media server's cgroup has used up its CPU quota: held back for {} within {}, in {} "
                   "of {} periods.",
                   Span(t.throttled), Span(t.window), t.throttled_periods, t.periods)}};
}

Found Starved(const LocalFacts& f) {
  if (!f.pressure.cpu.known() || f.pressure.cpu->full < kStarved) return {};
  return {{kStarvedCpu, true,
           fmt::format("For {:.0f} % of the time all runnable threads of the media server waited for a CPU.",
                       100 * f.pressure.cpu->full)}};
}

Found NotReading(const LocalFacts& f) {
  if (!f.sockets.known()) return {};
  for (const SocketQueue& q : f.sockets->media) {
    if (q.unread < kUnread || q.receive < kQueued) continue;
    return {{kNotReading, true,
             fmt::format("The media server does not read its socket: {} bytes wait at UDP port {}, and they "
                         "have not become fewer for {}.",
                         q.receive, q.port, Span(q.unread))}};
  }
  return {};
}

Found SendQueue(const LocalFacts& f) {
  if (!f.sockets.known()) return {};
  for (const SocketQueue& q : f.sockets->media) {
    if (q.unsent < kUnread || q.send < kQueued) continue;
    return {{kSendQueueFull, true,
             fmt::format("What the media server sends does not leave: {} bytes wait at UDP port {}, and they "
                         "have not become fewer for {}.",
                         q.send, q.port, Span(q.unsent))}};
  }
  return {};
}

Found DescriptorsUsed(const LocalFacts& f) {
  if (!f.descriptors.known() || f.descriptors->limit == 0) return {};
  const Descriptors& d = *f.descriptors;
  const bool near = static_cast<double>(d.used) >= kNearLimit * static_cast<double>(d.limit);
  if (!near && !NoneLeft(d)) return {};
  return {{kDescriptorsExhausted, true, DescriptorsText(d)}};
}

// Pairs of ports (RTP and RTCP) leave one free that is of no use.
Found PortsUsed(const LocalFacts& f) {
  if (!f.sockets.known() || f.sockets->range_size < kFewestPorts) return {};
  const SocketFacts& s = *f.sockets;
  if (s.range_bound + 1 < s.range_size || s.range_bound == 0) return {};
  return {{kPortsExhausted, true,
           fmt::format("The media server has used up its ports: {} of {} are bound.", s.range_bound,
                       s.range_size)}};
}

Found SocketGone(const LocalFacts& f) {
  if (!f.sockets.known() || f.sockets->gone.empty()) return {};
  return {{kSocketGone, true,
           fmt::format("No socket has UDP port {} any more, which clients used before.",
                       fmt::join(f.sockets->gone, ", "))}};
}

Found AddressChanged(const LocalFacts& f) {
  if (!f.addresses_gone.known() || f.addresses_gone->empty()) return {};
  return {{kAddressChanged, true,
           fmt::format("{} is no address of this node any more; clients used it before.",
                       f.addresses_gone->front().ToString())}};
}

Found Conntracked(const LocalFacts& f) {
  if (!f.conntrack.known()) return {};
  const Conntrack& c = *f.conntrack;
  if (c.dropped == 0 && (c.max == 0 || c.count < c.max)) return {};
  return {
      {kConntrackFull, true,
       fmt::format("The connection tracking table is full: {} of {} entries; {} refused since the reading "
                   "before.",
                   c.count, c.max, Many(c.dropped, "packet"))}};
}

Found Paths(const LocalFacts& f, PeerPath::Kind kind) {
  if (!f.paths.known()) return {};
  size_t bad = 0;
  const PeerPath* example = nullptr;
  for (const PeerPath& p : *f.paths) {
    if (p.kind == kind) ++bad, example = &p;
  }
  if (bad == 0 || 2 * bad < f.paths->size()) return {};
  if (kind == PeerPath::Kind::kNoRoute) {
    // Inferred: rules may lead to another table, which is not read.
    return {{kNoRoute, false,
             fmt::format("The main routing table has no way to {} of {} sampled clients, such as {}.", bad,
                         f.paths->size(), example->peer.ToString())}};
  }
  return {{kDroppedNeighbour, true,
           fmt::format("The next hop {} on {} does not answer ARP; {} of {} sampled clients are behind it.",
                       example->next_hop, example->device, bad, f.paths->size())}};
}

// What the symptom may come of. Nothing of the process explains packets that never reach it, unless it has
// ended or has no socket or no descriptor for them.
bool CanExplain(Symptom symptom, CauseCode code) {
  switch (symptom) {
    case Symptom::kNone:
      return false;
    case Symptom::kReceiveLoss:
    case Symptom::kSlow:
      return code == kFrozen || code == kBlockedDisk || code == kThrottled || code == kStarvedCpu ||
             code == kNotReading;
    case Symptom::kSendLoss:
    case Symptom::kNotReceived:
      return code == kConntrackFull || code == kSendQueueFull || code == kNoRoute ||
             code == kDroppedNeighbour;
    case Symptom::kNothingArrives:
      return code != kNoRoute && code != kDroppedNeighbour && code != kSendQueueFull && code != kNotReading &&
             code != kThrottled && code != kStarvedCpu;
    case Symptom::kNodeSilent:
    case Symptom::kNotActive:
      return true;
  }
  return false;
}

std::string WhatIsKnown(bool known, const std::string& unknown, const char* what, const std::string& good) {
  return known ? good : fmt::format("{}: not known, {}", what, unknown);
}

}  // namespace

std::string DescriptorsText(const Descriptors& d) {
  return fmt::format("{} has {} its file descriptors: {} of {}.", NameOf(d.process),
                     NoneLeft(d) ? "used up" : "nearly used up", d.used, d.limit);
}

CauseCandidates CausesByFacts(const CauseEvidence& e) {
  const LocalFacts& f = e.facts;
  CauseCandidates out;
  for (Found& found : std::array{
           Frozen(f), Blocked(f), OutOfMemory(f), RestartLoop(f), ProcessGone(f), DescriptorsUsed(f),
           PortsUsed(f), Conntracked(f), SocketGone(f), AddressChanged(f), Paths(f, PeerPath::Kind::kNoRoute),
           Paths(f, PeerPath::Kind::kDeadNeighbour), SendQueue(f), Throttled(f), Starved(f), NotReading(f)}) {
    if (found && CanExplain(e.symptom, found->code)) out.push_back(std::move(*found));
  }
  return out;
}

std::vector<std::string> FactsInOrder(const CauseEvidence& e) {
  const LocalFacts& f = e.facts;
  if (!f.read()) return {"the machine's own figures were not read yet"};
  std::vector<std::string> out;
  const ProcessFacts& p = *f.processes;
  if (!Frozen(f) && !Blocked(f)) {
    out.push_back(
        WhatIsKnown(f.processes.known(), f.processes.unknown(), "the media server's processes",
                    fmt::format("{} in the cgroup, none stopped or waiting for a disk; the youngest "
                                "is {} old",
                                Many(p.processes, "process"), Span(p.age))));
  }
  if (!Throttled(f)) {
    out.push_back(WhatIsKnown(f.throttling.known(), f.throttling.unknown(), "CPU throttling",
                              "its cgroup is not held back by a CPU quota"));
  }
  if (!Starved(f)) {
    out.push_back(WhatIsKnown(f.pressure.cpu.known(), f.pressure.cpu.unknown(), "CPU pressure",
                              fmt::format("all its runnable threads waited for a CPU {:.0f} % of the time",
                                          100 * f.pressure.cpu->full)));
  }
  if (!DescriptorsUsed(f)) {
    out.push_back(WhatIsKnown(
        f.descriptors.known(), f.descriptors.unknown(), "file descriptors",
        fmt::format("{} of {} file descriptors are used", f.descriptors->used, f.descriptors->limit)));
  }
  const SocketFacts& s = *f.sockets;
  if (!SocketGone(f) && !NotReading(f) && !SendQueue(f)) {
    out.push_back(
        WhatIsKnown(f.sockets.known(), f.sockets.unknown(), "UDP sockets",
                    fmt::format("its media ports are bound ({} there), and no queue of theirs stands",
                                Many(s.sockets, "socket"))));
  }
  if (!Conntracked(f)) {
    out.push_back(WhatIsKnown(
        f.conntrack.known(), f.conntrack.unknown(), "connection tracking",
        fmt::format("connection tracking has {} of {} entries", f.conntrack->count, f.conntrack->max)));
  }
  return out;
}

}  // namespace candor
