// SPDX-License-Identifier: Apache-2.0
#include "probe/maps/flow_map.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

namespace candor {
namespace {

constexpr uint32_t kBatch = 1024;
constexpr int kReadings = 8;  // a step takes less than a microsecond, a reading about one

bool IsConsistent(const candor_flow_slot& slot) { return slot.steps_done == slot.steps_begun; }
// Inserted, and the first packet is not processed yet.
bool Unused(const candor_flow_slot& slot) { return slot.steps_begun == 0; }

bool Read(int fd, const FlowKey& key, candor_flow_slot* slot) {
  for (int i = 0; i < kReadings; ++i) {
    if (bpf_map_lookup_elem(fd, &key, slot) != 0) return false;
    if (IsConsistent(*slot)) break;
  }
  return !Unused(*slot);
}

}  // namespace

bool FlowMap::Lookup(const FlowKey& key, FlowState* state) const {
  candor_flow_slot slot{};
  if (!Read(fd_, key, &slot)) return false;
  *state = slot.flow;
  return true;
}

bool FlowMap::Erase(const FlowKey& key) const { return bpf_map_delete_elem(fd_, &key) == 0; }

Result<size_t> FlowMap::ForEach(const std::function<void(const FlowKey&, const FlowState&)>& visit) const {
  std::vector<FlowKey> keys(kBatch);
  std::vector<candor_flow_slot> slots(kBatch);
  // The kernel's cursor for hash maps is a bucket number; the buffer must have the size of a key.
  std::array<uint8_t, std::max(sizeof(FlowKey), sizeof(uint32_t))> cursor{};
  size_t visited = 0;
  for (bool first = true;; first = false) {
    uint32_t count = kBatch;
    const int rc = bpf_map_lookup_batch(fd_, first ? nullptr : cursor.data(), cursor.data(), keys.data(),
                                        slots.data(), &count, nullptr);
    if (rc != 0 && errno != ENOENT) return FailErrno("cannot read the flow map", errno);
    const bool last = rc != 0;
    for (uint32_t i = 0; i < count; ++i) {
      if (!IsConsistent(slots[i]) && !Read(fd_, keys[i], &slots[i])) continue;
      if (Unused(slots[i])) continue;
      visit(keys[i], slots[i].flow);
      ++visited;
    }
    if (last) return visited;
  }
}

}  // namespace candor
