// SPDX-License-Identifier: Apache-2.0
//
// Reads local facts on a thread of its own, because a file of /proc or of a cgroup may answer late, or never.
// Thread-safe. Tested in tests/daemon/facts_thread_test.cc.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/time.h"
#include "pipeline/server_facts.h"

namespace candor::daemon {

class FactsThread {
 public:
  // Called on the thread, one call at a time; `server` as in ServerFactsRequest. It must own what it uses: it
  // may outlive this object by as long as a file does not answer.
  using Read = std::function<LocalFacts(uint32_t server, const FactsRequest& request)>;

  explicit FactsThread(Read read);
  // Waits for a reading that is under way, for at most kPatience, and leaves it to itself then.
  ~FactsThread();
  FactsThread(const FactsThread&) = delete;
  FactsThread& operator=(const FactsThread&) = delete;

  // Of each server the newest request is read; it takes the place of one that is not being read yet. At most
  // kMostWaiting servers wait, the ones that asked last are refused.
  void Ask(std::vector<ServerFactsRequest> wanted);
  // What was read since the last call, oldest first; at most kMostWaiting, the oldest are dropped.
  std::vector<ServerFacts> Take();

  static constexpr size_t kMostWaiting = 64;
  static constexpr Duration kPatience = std::chrono::milliseconds(200);

 private:
  struct Shared;
  static void Run(Shared* shared);

  const std::shared_ptr<Shared> shared_;  // with the thread
};

// Reads from /proc, with a FactsReader for each server.
FactsThread::Read ReadLocalFacts(std::function<Time()> now, std::function<Duration()> boot);

}  // namespace candor::daemon
