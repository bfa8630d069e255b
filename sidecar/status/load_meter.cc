// SPDX-License-Identifier: Apache-2.0
#include "status/load_meter.h"

#include <fstream>
#include <string>

namespace candor {
namespace {

constexpr Duration kEvery = std::chrono::seconds(1);
constexpr Duration kWindow = std::chrono::seconds(30);

uint64_t FailedOf(const AttemptCounts& c) {
  uint64_t failed = c.early_drop + c.unanswered;
  for (const uint64_t stalled : c.stalled) failed += stalled;
  return failed;
}

double Rate(uint64_t before, uint64_t now, Duration window) {
  return now > before ? static_cast<double>(now - before) / Seconds(window) : 0;
}

}  // namespace

CpuTime ReadCpuTime() {
  std::ifstream stat("/proc/stat");
  std::string name;
  uint64_t user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0;
  if (!(stat >> name >> user >> nice >> system >> idle >> iowait >> irq >> softirq >> steal)) return {};
  const uint64_t busy = user + nice + system + irq + softirq + steal;
  return {busy, busy + idle + iowait};
}

Load LoadMeter::Measure(const Snapshot& snapshot) {
  const std::lock_guard lock(mutex_);
  const Time now = snapshot.verdict.at;
  if (samples_.empty() || now - samples_.back().at >= kEvery) {
    samples_.push_back({now, snapshot.counts.attempts, FailedOf(snapshot.counts), cpu_()});
    while (samples_.size() > 2 && now - samples_[1].at >= kWindow) samples_.pop_front();
  }
  const Sample& first = samples_.front();
  const Sample& last = samples_.back();
  if (last.at <= first.at) return {};
  Load load;
  load.attempts_per_second = Rate(first.attempts, last.attempts, last.at - first.at);
  load.failed_per_second = Rate(first.failed, last.failed, last.at - first.at);
  const uint64_t all = last.cpu.all - first.cpu.all;
  if (all > 0) load.cpu = static_cast<double>(last.cpu.busy - first.cpu.busy) / static_cast<double>(all);
  return load;
}

}  // namespace candor
