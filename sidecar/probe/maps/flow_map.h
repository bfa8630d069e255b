// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"
#include "flow/flow.h"

namespace candor {

// The kernel's flow map by its descriptor, which must outlive this. Any number of threads may read.
class FlowMap {
 public:
  explicit FlowMap(int fd) : fd_(fd) {}

  // The state between two packets, never in the middle of one. False: not there.
  bool Lookup(const FlowKey& key, FlowState* state) const;
  bool Erase(const FlowKey& key) const;
  // Every flow that stays in the map meanwhile, once; returns how many.
  Result<size_t> ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) const;

 private:
  int fd_;
};

}  // namespace candor
