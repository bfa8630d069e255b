// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "probe/drop_reader.h"

namespace candor {

// Drops as the kernel would count them.
struct FakeDrops final : DropReader {
  struct Kernel {
    std::vector<uint32_t> spaces;
    Reading reading;
  };
  explicit FakeDrops(Kernel* kernel) : kernel_(kernel) {}
  void Watch(const std::vector<uint32_t>& spaces) override { kernel_->spaces = spaces; }
  Reading Read() const override { return kernel_->reading; }
  Kernel* kernel_;
};

}  // namespace candor
