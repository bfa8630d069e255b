// SPDX-License-Identifier: Apache-2.0
#include "program.h"

#include <bpf/bpf.h>

#include <cstdlib>
#include <cstring>
#include <iostream>

#include "fast_path_counts.h"
#include "flow.skel.h"
#include "probe/load/libbpf_log.h"
#include "probe/maps/event_ring.h"
#include "probe/maps/flow_map.h"
#include "probe/maps/percpu.h"

namespace candor {
namespace {

[[noreturn]] void GiveUp(const std::string& why) {
  std::cerr << "cannot test the BPF program: " << why << "\n";
  std::exit(1);
}

}  // namespace

Program& Program::Shared() {
  static Program program;
  return program;
}

Program::Program() {
  const LibbpfLog log;
  object_ = flow_bpf__open();
  if (object_ == nullptr) GiveUp("open: " + log.Tail());
  object_->rodata->candor_test_clock = 1;
  if (flow_bpf__load(object_) != 0) GiveUp("load: " + log.Tail());
  auto ring = EventRing::Open(bpf_map__fd(object_->maps.events));
  if (!ring) GiveUp(ring.error().message);
  ring_ = std::move(*ring);
}

uint32_t Program::Run(Time now, candor_dir dir, std::span<const uint8_t> ip, uint16_t segments,
                      std::vector<FlowEvent>* events) {
  // The kernel builds the skb from an Ethernet frame and hands a cgroup program what follows its header. It
  // refuses frames too short for the protocol that they name, so those name none; the program does not look.
  std::vector<uint8_t> frame(14, 0);
  if (ip.size() >= 40) {
    const bool v6 = (ip[0] >> 4) == 6;
    frame[12] = v6 ? 0x86 : 0x08;
    frame[13] = v6 ? 0xdd : 0x00;
  }
  frame.insert(frame.end(), ip.begin(), ip.end());
  __sk_buff context{};
  context.gso_segs = segments > 1 ? segments : 0;

  bpf_test_run_opts run{};
  run.sz = sizeof run;
  run.data_in = frame.data();
  run.data_size_in = static_cast<uint32_t>(frame.size());
  run.ctx_in = &context;
  run.ctx_size_in = sizeof context;
  object_->bss->candor_test_now = NanosOf(now);
  const auto* program = dir == CANDOR_IN ? object_->progs.candor_ingress : object_->progs.candor_egress;
  if (const int rc = bpf_prog_test_run_opts(bpf_program__fd(program), &run); rc != 0) {
    GiveUp(std::string("BPF_PROG_TEST_RUN: ") + std::strerror(-rc));
  }
  const auto read = ring_->Poll(Duration{}, [&](const FlowEvent& e) { events->push_back(e); });
  if (!read) GiveUp(read.error().message);
  return run.retval;
}

bool Program::Lookup(const FlowKey& key, FlowState* state) const {
  return FlowMap(bpf_map__fd(object_->maps.flows)).Lookup(key, state);
}

void Program::Forget(const FlowKey& key) const { FlowMap(bpf_map__fd(object_->maps.flows)).Erase(key); }

std::vector<std::pair<FlowKey, FlowState>> Program::Flows() const {
  std::vector<std::pair<FlowKey, FlowState>> out;
  const auto read =
      FlowMap(bpf_map__fd(object_->maps.flows)).ForEach([&](const FlowKey& k, const FlowState& f) {
        out.emplace_back(k, f);
      });
  if (!read) GiveUp(read.error().message);
  return out;
}

Counters Program::CountersSinceReset() const {
  auto now = ReadCountersOf(bpf_map__fd(object_->maps.cpus));
  if (!now) GiveUp(now.error().message);
  for (size_t i = 0; i < now->size(); ++i) now->at(i) -= base_.at(i);
  return *now;
}

NodeActivity Program::Activity() const {
  return ReadActivityOf(bpf_map__fd(object_->maps.cpus)).value_or(NodeActivity{});
}

Counters Program::FastPathCounts() const { return candor::FastPathCounts(bpf_map__fd(object_->maps.cpus)); }

uint32_t Program::VerifiedInstructions(candor_dir dir) const {
  const auto* program = dir == CANDOR_IN ? object_->progs.candor_ingress : object_->progs.candor_egress;
  bpf_prog_info info{};
  uint32_t size = sizeof info;
  if (bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size) != 0) GiveUp("no program info");
  return info.verified_insns;
}

void Program::Reset() {
  for (const auto& [key, state] : Flows()) Forget(key);
  base_ = {};
  base_ = CountersSinceReset();
}

}  // namespace candor
