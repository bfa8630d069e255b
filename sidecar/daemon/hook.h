// SPDX-License-Identifier: Apache-2.0
//
// Runs a command at every transition, the verdict as JSON on its stdin. One runs at a time; of what happens
// meanwhile only the newest waits. No shell. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/unique_fd.h"

namespace candor::daemon {

struct HookOptions {
  std::vector<std::string> command;  // argv, the program by its path; empty: nothing runs
  std::chrono::milliseconds timeout = std::chrono::seconds(10);
};

class Hook {
 public:
  // Told of every run that failed, on the hook's thread, as a line for the log.
  using Failed = std::function<void(const std::string&)>;

  Hook(HookOptions options, Failed failed);
  ~Hook();  // Stop()
  Hook(const Hook&) = delete;
  Hook& operator=(const Hook&) = delete;

  // Never waits.
  void Tell(std::string json);
  void SetOptions(HookOptions options);  // from the next run on
  // A run in progress is killed, what waits is dropped. Idempotent.
  void Stop();

 private:
  void Run();
  void RunOnce(const HookOptions& options, const std::string& json);

  const Failed failed_;
  std::mutex mutex_;
  std::condition_variable wake_;
  HookOptions options_;
  std::optional<std::string> waiting_;
  bool stop_ = false;
  UniqueFd stopping_;  // an eventfd: readable once stop_ is set
  std::thread thread_;
};

}  // namespace candor::daemon
