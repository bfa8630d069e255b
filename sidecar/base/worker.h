// SPDX-License-Identifier: Apache-2.0
//
// One thread with one task, which a stop token ends. To be woken for work as well, the task waits on a
// std::condition_variable_any with the token: wait(lock, stop, condition) returns condition() when stopped.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <thread>

#include "base/time.h"

namespace candor {

// Declare it after what its task uses: it is then destroyed, and its thread has ended, before that.
class Worker {
 public:
  using Task = std::function<void(const std::stop_token& stop)>;

  Worker() = default;  // no thread
  // `name`: of the thread, at most 15 bytes (pthread_setname_np(3)); empty: the process's.
  explicit Worker(Task task, std::string name = {});
  Worker(Worker&&) noexcept = default;
  Worker& operator=(Worker&&) noexcept = default;  // stops the thread that it had

  bool running() const { return thread_.joinable(); }  // until Stop(), even when the task has returned
  void RequestStop() { thread_.request_stop(); }       // thread-safe
  // Requests a stop and waits until the task has returned. Idempotent; not to be called by the task.
  void Stop();

 private:
  std::jthread thread_;
};

// Sleeps for `d`, or until a stop is requested. True: it is.
bool SleepUnlessStopped(const std::stop_token& stop, Duration d);

}  // namespace candor
