// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <vector>

#include "probe/drops/drop_reader.h"

namespace candor {

// Drops as the kernel would count them.
struct FakeDrops final : DropReader {
  struct Kernel {
    std::vector<uint32_t> namespaces;
    Reading reading;
    std::deque<LostPacket> lost;  // in the ring
  };
  explicit FakeDrops(Kernel* kernel) : kernel_(kernel) {}
  void Watch(const std::vector<uint32_t>& namespaces) override { kernel_->namespaces = namespaces; }
  Reading Read() const override { return kernel_->reading; }
  size_t TakeLost(const LostSink& sink) override {
    size_t taken = 0;
    for (; taken < kLostAtOnce && !kernel_->lost.empty(); ++taken) {
      sink(kernel_->lost.front());
      kernel_->lost.pop_front();
    }
    return taken;
  }
  Kernel* kernel_;
};

}  // namespace candor
