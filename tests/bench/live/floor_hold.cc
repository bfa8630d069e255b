// SPDX-License-Identifier: Apache-2.0
//
// Holds the floor program on both hooks of a cgroup until stdin ends:
//   floor_hold CGROUP
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstring>

#include "base/unique_fd.h"
#include "floor.skel.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const candor::UniqueFd cgroup(::open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  floor_bpf* object = floor_bpf__open_and_load();
  if (!cgroup || object == nullptr) {
    fmt::print(stderr, "floor_hold: {}\n", std::strerror(errno));
    return 1;
  }
  bpf_link* in = bpf_program__attach_cgroup(object->progs.floor_ingress, cgroup.get());
  bpf_link* out = bpf_program__attach_cgroup(object->progs.floor_egress, cgroup.get());
  if (in == nullptr || out == nullptr) {
    fmt::print(stderr, "floor_hold: {}\n", std::strerror(errno));
    return 1;
  }
  fmt::print("{{}}\n");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  bpf_link__destroy(in);
  bpf_link__destroy(out);
  floor_bpf__destroy(object);
  return 0;
}
