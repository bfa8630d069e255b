// SPDX-License-Identifier: Apache-2.0
#include "fast_path_counts.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/utsname.h>

#include <cstdio>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "bpf/abi.h"

namespace candor {

Counters FastPathCounts(int cpus_map) {
  std::vector<candor_cpu> cpus(static_cast<size_t>(libbpf_num_possible_cpus()));
  const uint32_t zero = 0;
  if (bpf_map_lookup_elem(cpus_map, &zero, cpus.data()) != 0) throw std::runtime_error("cannot read cpus");
  Counters sum{};
  for (const auto& cpu : cpus) {
    sum.at(CANDOR_C_MEDIA) += cpu.fast.media[CANDOR_IN] + cpu.fast.media[CANDOR_OUT];
    sum.at(CANDOR_C_QUIC) += cpu.fast.quic[CANDOR_IN] + cpu.fast.quic[CANDOR_OUT];
  }
  return sum;
}

UniqueFd NewestCpusMap() {
  UniqueFd newest;
  for (uint32_t id = 0; bpf_map_get_next_id(id, &id) == 0;) {
    UniqueFd fd(bpf_map_get_fd_by_id(id));
    bpf_map_info info{};
    uint32_t size = sizeof info;
    if (!fd || bpf_obj_get_info_by_fd(fd.get(), &info, &size) != 0) continue;
    if (std::string_view(info.name) == "cpus") newest = std::move(fd);
  }
  if (!newest) throw std::runtime_error("no map of that name");
  return newest;
}

bool TestRunShowsHeaders() {
  utsname name{};
  int major = 0, minor = 0;
  ::uname(&name);
  std::sscanf(name.release, "%d.%d", &major, &minor);
  return major > 6 || (major == 6 && minor >= 18);
}

}  // namespace candor
