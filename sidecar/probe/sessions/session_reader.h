// SPDX-License-Identifier: Apache-2.0
//
// Accepted TCP connections by cgroup and port, as KernelSource reads them; tests use an in-memory
// implementation. Tested in tests/probe/sessions/session_probe_test.cc.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "flow/session_counts.h"

namespace candor {

// Used by one thread. Needs no capability.
class SessionReader {
 public:
  struct Reading {
    std::vector<PortSessions> ports;  // at most CANDOR_SESSION_PORTS
    uint64_t uncounted = 0;           // SessionCounts::uncounted
  };
  virtual ~SessionReader() = default;

  // Counts in these network namespaces only, from now on (candor_sessions::namespaces); at most the first
  // CANDOR_SESSION_NAMESPACES.
  virtual void Watch(const std::vector<uint32_t>& namespaces) = 0;
  // Sums since the reader was created, or since the port was removed.
  virtual Result<Reading> Read() = 0;
  // Makes room: the cgroup or the port is gone.
  virtual void Remove(const PortSessions& port) = 0;
};

struct LoadedSessions {
  std::unique_ptr<SessionReader> reader;  // null: unavailable
  std::string unavailable;                // the reason
  // While the load has not returned: yields its result once; nullopt until then.
  std::function<std::optional<LoadedSessions>()> late = {};
};

}  // namespace candor
