// SPDX-License-Identifier: Apache-2.0
#include "loaded_programs.h"

#include <bpf/bpf.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "floor.skel.h"
#include "flow.skel.h"
#include "probe/load/libbpf_log.h"

namespace candor {
namespace {

[[noreturn]] void Exit(const std::string& why) {
  fmt::print(stderr, "cannot measure the programs: {}\n", why);
  std::exit(1);
}

double CpuNanos() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

bpf_test_run_opts Run(int program, const Bytes& ip, uint32_t repeat) {
  // The kernel makes the skb of an Ethernet frame; a cgroup program gets the part after its header.
  Bytes frame(14, 0);
  const bool v6 = (ip.at(0) >> 4) == 6;
  frame[12] = v6 ? 0x86 : 0x08;
  frame[13] = v6 ? 0xdd : 0x00;
  frame.insert(frame.end(), ip.begin(), ip.end());
  bpf_test_run_opts run{};
  run.sz = sizeof run;
  run.data_in = frame.data();
  run.data_size_in = static_cast<uint32_t>(frame.size());
  run.repeat = static_cast<int>(repeat);
  if (const int rc = bpf_prog_test_run_opts(program, &run); rc != 0) {
    Exit(std::string("BPF_PROG_TEST_RUN: ") + std::strerror(-rc));
  }
  if (run.retval != 1) Exit("a probe did not let a packet pass");
  return run;
}

}  // namespace

LoadedPrograms::LoadedPrograms(uint32_t flows_max) {
  const LibbpfLog log;
  floor_ = floor_bpf__open_and_load();
  if (floor_ == nullptr) Exit("the floor: " + log.Tail());
  candor_ = flow_bpf__open();
  if (candor_ == nullptr) Exit("open: " + log.Tail());
  candor_->rodata->candor_config.port_min = kPortMin;
  bpf_map__set_max_entries(candor_->maps.flows, flows_max);
  if (flow_bpf__load(candor_) != 0) Exit("load: " + log.Tail());
}

LoadedPrograms::~LoadedPrograms() {
  flow_bpf__destroy(candor_);
  floor_bpf__destroy(floor_);
}

int LoadedPrograms::floor(candor_dir dir) const {
  return bpf_program__fd(dir == CANDOR_IN ? floor_->progs.floor_ingress : floor_->progs.floor_egress);
}

int LoadedPrograms::candor(candor_dir dir) const {
  return bpf_program__fd(dir == CANDOR_IN ? candor_->progs.candor_ingress : candor_->progs.candor_egress);
}

void LoadedPrograms::FillTo(uint32_t n) {
  const int map = bpf_map__fd(candor_->maps.flows);
  const FlowKey model = NthFlowKey(0);
  if (filled_ == 0) {
    for (int i = 0; i < 3; ++i) {
      for (const auto dir : {CANDOR_IN, CANDOR_OUT}) {
        Bytes ip = NthFlowMedia(0, dir);
        ip.at(31) = ip.at(34) = static_cast<uint8_t>(i);  // the sequence number and the timestamp go on
        Run(candor(dir), ip, 1);
      }
    }
    filled_ = 1;
  }
  candor_flow_slot slot{};
  if (bpf_map_lookup_elem(map, &model, &slot) != 0 || slot.flow.phase != CANDOR_PHASE_ACTIVE) {
    Exit("media both ways did not make a flow active");
  }
  for (; filled_ < n; ++filled_) {
    const FlowKey key = NthFlowKey(filled_);
    if (bpf_map_update_elem(map, &key, &slot, BPF_ANY) != 0) Exit("cannot fill the flow map");
  }
}

uint64_t LoadedPrograms::FlowMapBytes() const {
  const auto path = fmt::format("/proc/self/fdinfo/{}", bpf_map__fd(candor_->maps.flows));
  std::FILE* f = std::fopen(path.c_str(), "r");
  if (f == nullptr) return 0;
  char line[128];
  unsigned long long bytes = 0;
  while (std::fgets(line, sizeof line, f) != nullptr) {
    if (std::sscanf(line, "memlock: %llu", &bytes) == 1) break;
  }
  std::fclose(f);
  return bytes;
}

double MeanRunCost(int program, const Bytes& ip, uint32_t repeat) {
  const double before = CpuNanos();
  Run(program, ip, repeat);
  return (CpuNanos() - before) / repeat;
}

double SingleRunCost(int program, const Bytes& ip) {
  return static_cast<double>(Run(program, ip, 1).duration);
}

}  // namespace candor
