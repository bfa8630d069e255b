// SPDX-License-Identifier: Apache-2.0
#include "base/worker.h"

#include <pthread.h>

#include <condition_variable>
#include <mutex>
#include <utility>

namespace candor {

Worker::Worker(Task task, std::string name)
    : thread_([task = std::move(task), name = std::move(name)](const std::stop_token& stop) {
        if (!name.empty()) pthread_setname_np(pthread_self(), name.c_str());
        task(stop);
      }) {}

void Worker::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

bool SleepUnlessStopped(const std::stop_token& stop, Duration d) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_for(lock, stop, d, [] { return false; });
  return stop.stop_requested();
}

}  // namespace candor
