// SPDX-License-Identifier: Apache-2.0
//
// Reads local facts on a thread of its own, because a file of /proc or of a cgroup may answer late.
// Thread-safe. Tested in tests/daemon/facts_thread_test.cc.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

#include "base/worker.h"
#include "pipeline/server_facts.h"

namespace candor::daemon {

class FactsThread {
 public:
  // Called on the thread, one call at a time; `server` as in ServerFactsRequest.
  using Read = std::function<LocalFacts(uint32_t server, const FactsRequest& request)>;

  explicit FactsThread(Read read);

  // Replaces what was asked for and is not being read yet.
  void Ask(std::vector<ServerFactsRequest> wanted);
  // What was read since the last call, oldest first; at most kMostWaiting, the oldest are dropped.
  std::vector<ServerFacts> Take();

  static constexpr size_t kMostWaiting = 64;

 private:
  void Run(const std::stop_token& stop);

  const Read read_;
  std::mutex mutex_;
  std::condition_variable_any asked_;
  std::vector<ServerFactsRequest> wanted_;  // guarded by mutex_
  std::vector<ServerFacts> found_;          // guarded by mutex_
  Worker worker_;
};

// Reads from /proc, with a FactsReader for each server.
FactsThread::Read ReadLocalFacts(std::function<Time()> now, std::function<Duration()> boot);

}  // namespace candor::daemon
