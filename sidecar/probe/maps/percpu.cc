// SPDX-License-Identifier: Apache-2.0
#include "probe/maps/percpu.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace candor {
namespace {

// The kernel rounds each CPU's value up to 8 bytes, so the size of T must be a multiple of 8.
template <class T>
Result<std::vector<T>> ReadSlots(int fd, const char* doing) {
  static_assert(sizeof(T) % 8 == 0);
  const int cpus = libbpf_num_possible_cpus();
  if (cpus < 0) return FailErrno("cannot count the CPUs", -cpus);
  std::vector<T> slots(static_cast<size_t>(cpus));
  const uint32_t zero = 0;
  if (bpf_map_lookup_elem(fd, &zero, slots.data()) != 0) return FailErrno(doing, errno);
  return slots;
}

}  // namespace

Result<Counters> ReadCountersOf(int fd) {
  const auto slots = ReadSlots<candor_cpu>(fd, "cannot read the counters");
  if (!slots) return tl::make_unexpected(slots.error());
  Counters sum{};
  for (const auto& slot : *slots) {
    for (size_t i = 0; i < sum.size(); ++i) sum[i] += slot.counters.n[i];
    const auto& [media, quic] = slot.fast;
    sum[CANDOR_C_MEDIA] += media[CANDOR_IN] + media[CANDOR_OUT];
    sum[CANDOR_C_QUIC] += quic[CANDOR_IN] + quic[CANDOR_OUT];
    sum[CANDOR_C_PACKETS] += media[CANDOR_IN] + media[CANDOR_OUT] + quic[CANDOR_IN] + quic[CANDOR_OUT];
  }
  return sum;
}

Result<NodeActivity> ReadActivityOf(int fd) {
  const auto slots = ReadSlots<candor_cpu>(fd, "cannot read the node's activity");
  if (!slots) return tl::make_unexpected(slots.error());
  NodeActivity latest;
  for (const auto& slot : *slots) {
    latest.last_in = std::max(latest.last_in, TimeFromNanos(slot.activity.last_in_ns));
    latest.last_out = std::max(latest.last_out, TimeFromNanos(slot.activity.last_out_ns));
  }
  return latest;
}

}  // namespace candor
