// SPDX-License-Identifier: Apache-2.0
//
// Writes the state file: on a thread of its own every minute, after a change, and at stop; and an order at
// once, on the thread of whoever gives it. One write at a time, so that an older state never replaces a newer
// one. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "serve/state_file.h"

namespace candor::daemon {

struct StateWriterOptions {
  std::string path;  // empty: nothing is kept
  std::chrono::milliseconds every = std::chrono::minutes(1);
  std::chrono::milliseconds rest = std::chrono::milliseconds(500);  // between two: changes come in bursts
  // OnPolled before each write, one at a time: is the file ours, and if not, why? Empty: always.
  std::function<Result<void>()> owned = {};
  std::chrono::milliseconds ask_again = std::chrono::milliseconds(500);  // while it is not
  // Called on the keeper's thread before each of its saves, and may take a second. Empty: nothing to do.
  std::function<void()> refresh = {};
};

// What an earlier process left at `path`. Empty without an error: nothing, and that is in order. A file that
// cannot be used is moved aside to "<path>.damaged" and `trouble` says so.
struct PreviousState {
  std::optional<SavedState> state;
  std::string trouble;
};
PreviousState ReadPreviousState(const std::string& path);

class StateWriter {
 public:
  // `collect` gives what is to be saved; it is quick, and called on several threads, one at a time. `trouble`
  // is told of every new failure of the keeper's own saves (empty: mended), but not of waiting for another
  // candord.
  StateWriter(StateWriterOptions options, std::function<SavedState()> collect,
              std::function<void(const std::string&)> trouble);
  ~StateWriter();  // Stop()
  StateWriter(const StateWriter&) = delete;
  StateWriter& operator=(const StateWriter&) = delete;

  void SaveSoon();
  // Writes what `change` makes of the state, and calls `apply` once it is on disk, before anything else is
  // written; or returns why not, with neither in effect. There must be a path.
  Result<void> Commit(const std::function<void(SavedState&)>& change, const std::function<void()>& apply);
  // Writes once more and ends. Idempotent.
  void Stop();

 private:
  void Run();
  void Save();
  Result<void> Write(const SavedState& state);  // with file_mutex_ held
  Result<void> Own();                           // the same
  void Tell(const std::string& trouble);

  const StateWriterOptions options_;
  const std::function<SavedState()> collect_;
  const std::function<void(const std::string&)> trouble_;
  std::mutex file_mutex_;  // what is collected under it is written under it
  std::atomic<bool> ours_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  bool changed_ = false;
  std::string last_trouble_;  // of the keeper's thread
  std::thread thread_;
};

}  // namespace candor::daemon
