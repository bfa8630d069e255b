// SPDX-License-Identifier: Apache-2.0
//
// Writes the state file on its own thread: every minute, after a change, and at stop. Commit() writes at
// once, on the caller's thread. One write at a time, so that an older state never replaces a newer one.
// Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>

#include "base/worker.h"
#include "serve/state_file.h"

namespace candor::daemon {

struct StateWriterOptions {
  std::string path;  // empty: nothing is written
  std::chrono::milliseconds every = std::chrono::minutes(1);
  std::chrono::milliseconds pause =
      std::chrono::milliseconds(500);  // between two writes: changes come in bursts
  // Called before each write, one call at a time: whether this process may write the file; an error has the
  // reason. Empty: always.
  std::function<Result<void>()> acquire = {};
  std::chrono::milliseconds retry = std::chrono::milliseconds(500);  // while `acquire` fails
  // Called on the writer's thread before each of its writes; may take a second. Empty: nothing to do.
  std::function<void()> refresh = {};
};

class StateWriter {
 public:
  // `collect` returns the state to write; it is quick, and called on several threads, one at a time.
  // `on_error` gets each new error of the thread's own writes and "" after the next success; not while
  // another candord owns the file.
  StateWriter(StateWriterOptions options, std::function<SavedState()> collect,
              std::function<void(const std::string&)> on_error);
  ~StateWriter();  // Stop()
  StateWriter(const StateWriter&) = delete;
  StateWriter& operator=(const StateWriter&) = delete;

  void SaveSoon();
  // Writes the state as `change` alters it. Calls `apply` once it is on disk, before anything else is
  // written; on an error it does not, and the file is as before. Needs a path.
  Result<void> Commit(const std::function<void(SavedState&)>& change, const std::function<void()>& apply);
  // Writes once more and ends the thread. Idempotent.
  void Stop();

 private:
  void Run(const std::stop_token& stop);
  void Save();
  Result<void> Write(const SavedState& state);  // with file_mutex_ held
  Result<void> Acquire();                       // with file_mutex_ held
  void Report(const std::string& error);

  const StateWriterOptions options_;
  const std::function<SavedState()> collect_;
  const std::function<void(const std::string&)> on_error_;
  std::mutex file_mutex_;  // held from collecting a state to the end of its write
  std::atomic<bool> acquired_ = false;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool changed_ = false;    // guarded by mutex_
  std::string last_error_;  // of the writer's thread
  Worker worker_;
};

}  // namespace candor::daemon
