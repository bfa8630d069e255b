// SPDX-License-Identifier: Apache-2.0
//
// Writes the state file on a thread of its own: every minute, after a change, and at stop. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "serve/saved_state.h"

namespace candor::daemon {

struct StateKeeperOptions {
  std::string path;  // empty: nothing is kept
  std::chrono::milliseconds every = std::chrono::minutes(1);
  std::chrono::milliseconds rest = std::chrono::milliseconds(500);  // between two: changes come in bursts
  std::function<bool()> owned = {};  // asked before each save: is the file ours? Empty: always
};

// What an earlier process left at `path`. Empty without an error: nothing, and that is in order. A file that
// cannot be used is moved aside to "<path>.damaged" and `trouble` says so.
struct Earlier {
  std::optional<SavedState> state;
  std::string trouble;
};
Earlier ReadEarlier(const std::string& path);

class StateKeeper {
 public:
  // `collect` is called on the keeper's thread, `trouble` with every new failure to write (empty: mended).
  StateKeeper(StateKeeperOptions options, std::function<SavedState()> collect,
              std::function<void(const std::string&)> trouble);
  ~StateKeeper();  // Stop()
  StateKeeper(const StateKeeper&) = delete;
  StateKeeper& operator=(const StateKeeper&) = delete;

  void SaveSoon();
  // Writes once more and ends. Idempotent.
  void Stop();

 private:
  void Run();
  void Save();

  const StateKeeperOptions options_;
  const std::function<SavedState()> collect_;
  const std::function<void(const std::string&)> trouble_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  bool changed_ = false;
  std::string last_trouble_;  // of the keeper's thread
  std::thread thread_;
};

}  // namespace candor::daemon
