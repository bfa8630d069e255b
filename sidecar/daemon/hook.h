// SPDX-License-Identifier: Apache-2.0
//
// Runs a program at every transition, with the verdict as JSON on its stdin. One run at a time; of the
// transitions during a run only the newest is kept for the next. No shell. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/event_fd.h"
#include "base/worker.h"

namespace candor::daemon {

struct HookOptions {
  std::vector<std::string> command;  // argv, the program by its path; empty: nothing runs
  std::chrono::milliseconds timeout = std::chrono::seconds(10);
};

class Hook {
 public:
  // Called on the hook's thread after every run that failed, with a line for the log.
  using OnFailure = std::function<void(const std::string&)>;

  Hook(HookOptions options, OnFailure on_failure);
  ~Hook();  // Stop()
  Hook(const Hook&) = delete;
  Hook& operator=(const Hook&) = delete;

  // Returns at once.
  void Run(std::string json);
  void SetOptions(HookOptions options);  // from the next run on
  // Kills the run in progress and drops what is queued. Idempotent.
  void Stop();

 private:
  void Loop(const std::stop_token& stop);
  void RunOnce(const HookOptions& options, const std::string& json);

  const OnFailure on_failure_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  HookOptions options_;
  std::optional<std::string> next_;  // the newest verdict that has not been handed over
  EventFd stopping_;
  Worker worker_;
};

}  // namespace candor::daemon
