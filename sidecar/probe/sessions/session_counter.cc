// SPDX-License-Identifier: Apache-2.0
#include "probe/sessions/session_counter.h"

#include <algorithm>

namespace candor {

void SessionCounter::Take(LoadedSessions loaded) {
  reader_ = std::move(loaded.reader);
  unavailable_ = std::move(loaded.unavailable);
  late_ = std::move(loaded.late);
  counts_.unavailable = unavailable_;
}

void SessionCounter::Read(Time now, const std::vector<uint32_t>& namespaces, const std::string& none) {
  if (late_) {
    if (auto loaded = late_()) Take(std::move(*loaded));
  }
  if (!reader_) {
    counts_.unavailable = unavailable_;
    return;
  }
  reader_->Watch(namespaces);
  if (namespaces.empty()) {
    counts_.unavailable =
        none.empty() ? "candord may not read /proc/PID/net/stat, which identifies network namespaces" : none;
    return;
  }
  auto reading = reader_->Read();
  if (!reading) {
    counts_.unavailable = reading.error().message;
    return;
  }
  counts_.unavailable.clear();
  counts_.at = now;
  counts_.ports = std::move(reading->ports);
  counts_.uncounted = reading->uncounted;
  Note(now);
  RemoveIdle(now);
}

// The sum of all ports, and when each last changed.
void SessionCounter::Note(Time now) {
  std::map<std::pair<uint64_t, uint16_t>, Seen> seen;
  for (const PortSessions& p : counts_.ports) {
    const auto key = std::pair(p.cgroup_id, p.port);
    const auto found = seen_.find(key);
    const Seen before = found == seen_.end() ? Seen{} : found->second;
    counts_.accepted += p.accepted - std::min(before.accepted, p.accepted);
    seen[key] = before.accepted == p.accepted ? before : Seen{p.accepted, now};
  }
  seen_ = std::move(seen);
  counts_.accepted += counts_.uncounted - uncounted_;
  uncounted_ = counts_.uncounted;
}

void SessionCounter::RemoveIdle(Time now) {
  if (counts_.ports.size() <= kManyPorts) return;
  std::erase_if(counts_.ports, [&](const PortSessions& p) {
    const auto key = std::pair(p.cgroup_id, p.port);
    if (now - seen_.at(key).changed < kIdle) return false;
    reader_->Remove(p);
    seen_.erase(key);
    return true;
  });
}

}  // namespace candor
