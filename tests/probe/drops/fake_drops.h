// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "probe/drops/drop_reader.h"

namespace candor {

// Drops as the kernel would count them.
struct FakeDrops final : DropReader {
  struct Kernel {
    std::vector<uint32_t> namespaces;
    Reading reading;
  };
  explicit FakeDrops(Kernel* kernel) : kernel_(kernel) {}
  void Watch(const std::vector<uint32_t>& namespaces) override { kernel_->namespaces = namespaces; }
  Reading Read() const override { return kernel_->reading; }
  Kernel* kernel_;
};

}  // namespace candor
