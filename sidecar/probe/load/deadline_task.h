// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "probe/load/executor.h"

namespace candor {

// Runs `work` once on another thread that is not joined: a BPF load may block in the kernel for ever,
// uninterruptible by signals, and the process must continue. Thread and owner share the state and the last of
// them frees it: a result that arrives after the owner's end is destroyed on the thread. Used by one owner
// thread.
template <class T>
class DeadlineTask {
 public:
  explicit DeadlineTask(std::function<T()> work, const Executor& run = ThreadForEach())
      : state_(std::make_shared<State>()) {
    run([state = state_, work = std::move(work)] {
      T result = work();
      const std::lock_guard lock(state->mutex);
      state->result.emplace(std::move(result));
      state->done.notify_all();
    });
  }

  // Waits at most `timeout` for the result and returns it once; nullopt without one.
  std::optional<T> TakeWithin(std::chrono::nanoseconds timeout) {
    std::unique_lock lock(state_->mutex);
    state_->done.wait_for(lock, timeout, [this] { return state_->result.has_value(); });
    return std::exchange(state_->result, std::nullopt);
  }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable done;
    std::optional<T> result;
  };
  std::shared_ptr<State> state_;
};

}  // namespace candor
