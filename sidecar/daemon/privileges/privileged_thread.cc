// SPDX-License-Identifier: Apache-2.0
#include "daemon/privileges/privileged_thread.h"

#include <linux/capability.h>
#include <pthread.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "daemon/privileges/capabilities.h"
#include "daemon/privileges/syscall_filter.h"
#include "daemon/privileges/user.h"

namespace candor::daemon {
namespace {

constexpr CapabilitySet kProbes = SetOf(CAP_BPF) | SetOf(CAP_NET_ADMIN) | SetOf(CAP_PERFMON);

CapabilitySet Wanted(const SourceChoice& source) {
  switch (source.kind) {
    case SourceChoice::Kind::kBpf:
      return kProbes;
    case SourceChoice::Kind::kPcap:
      return SetOf(CAP_NET_RAW);
    case SourceChoice::Kind::kAuto:
      break;
  }
  return kProbes | SetOf(CAP_NET_RAW);
}

// One thread for all tasks, never joined: a task may hang in the kernel for ever.
Executor OneThread() {
  struct Queue {
    std::mutex mutex;
    std::condition_variable some;
    std::deque<std::function<void()>> work;
  };
  auto queue = std::make_shared<Queue>();
  std::thread([queue] {
    pthread_setname_np(pthread_self(), "candor-priv");
    for (;;) {
      std::unique_lock lock(queue->mutex);
      queue->some.wait(lock, [&] { return !queue->work.empty(); });
      auto next = std::move(queue->work.front());
      queue->work.pop_front();
      lock.unlock();
      next();
    }
  }).detach();
  return [queue](std::function<void()> work) {
    const std::lock_guard lock(queue->mutex);
    queue->work.push_back(std::move(work));
    queue->some.notify_one();
  };
}

}  // namespace

bool MayRunPrograms(const Config& at_start) {
  return !at_start.process.seccomp || !at_start.on_transition.command.empty();
}

PrivilegedThread::PrivilegedThread(const Config& config, OpenedPinRoot pins, Executor run)
    : reattach_(config.process.reattach),
      filter_(config.process.seccomp),
      may_capture_(config.source.choice.kind != SourceChoice::Kind::kBpf),
      pins_(std::move(pins)),
      run_(std::move(run)) {}

Result<std::unique_ptr<PrivilegedThread>> PrivilegedThread::Start(const Config& config, OpenedPinRoot pins) {
  if (auto ok = SwitchUser(config.process.user); !ok) return tl::make_unexpected(ok.error());
  if (auto ok = ForbidNewPrivileges(); !ok) return tl::make_unexpected(ok.error());
  if (auto ok = LimitCapabilities(Wanted(config.source.choice)); !ok) return tl::make_unexpected(ok.error());
  std::unique_ptr<PrivilegedThread> thread(new PrivilegedThread(config, std::move(pins), OneThread()));
  if (auto ok = LimitCapabilities(0); !ok) return tl::make_unexpected(ok.error());
  if (thread->filter_) {
    if (auto ok = FilterSyscalls({.attach = false, .run_programs = MayRunPrograms(config)}); !ok) {
      return tl::make_unexpected(ok.error());
    }
  }
  return thread;
}

Result<std::string> PrivilegedThread::DropAfterLoad(bool probes_loaded) const {
  CapabilitySet kept = 0;
  if (probes_loaded && reattach_) kept = SetOf(CAP_NET_ADMIN);
  if (!probes_loaded && may_capture_) kept = SetOf(CAP_NET_RAW);
  const CapabilitySet has = PermittedCapabilities() & kept;
  auto done = LimitCapabilities(kept);
  if (done && filter_) done = FilterSyscalls({.attach = true, .run_programs = false});
  if (!done) return Fail("MORE CAPABILITIES THAN NEEDED ARE KEPT: " + done.error().message);
  if (has == 0) return "capabilities kept: none";
  return "capabilities kept, on one thread: " + CapabilityNames(has) +
         (probes_loaded ? ", to attach the probes again when the cgroup is recreated (reattach)"
                        : ", to open the capture again");
}

}  // namespace candor::daemon
