// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"
#include "flow/flow.h"

namespace candor {

// The kernel's flow map by its descriptor, which must outlive this object. Thread-safe.
// Tested in tests/bpf/differential_test.cc and tests/bpf/sockets_test.cc.
class FlowMap {
 public:
  explicit FlowMap(int fd) : fd_(fd) {}

  // The state between two packets, not during one. False: no such flow.
  bool Lookup(const FlowKey& key, FlowState* state) const;
  bool Erase(const FlowKey& key) const;
  // Visits every flow that stays in the map meanwhile once; returns their number.
  Result<size_t> ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) const;

 private:
  int fd_;
};

}  // namespace candor
