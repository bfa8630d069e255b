// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <vector>

#include "probe/sessions/session_reader.h"

namespace candor {

// Accepted connections as the kernel would count them.
struct FakeSessions final : SessionReader {
  struct Kernel {
    std::vector<uint32_t> namespaces;
    Reading reading;
    bool readable = true;
  };
  explicit FakeSessions(Kernel* kernel) : kernel_(kernel) {}
  void Watch(const std::vector<uint32_t>& namespaces) override { kernel_->namespaces = namespaces; }
  Result<Reading> Read() override {
    if (!kernel_->readable) return FailErrno("cannot read the accepted sessions", EPERM);
    return kernel_->reading;
  }
  void Remove(const PortSessions& port) override { std::erase(kernel_->reading.ports, port); }
  Kernel* kernel_;
};

}  // namespace candor
