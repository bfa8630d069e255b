// SPDX-License-Identifier: Apache-2.0
//
// Measures the cost of one packet in Candor's programs and in an empty program on the same hook
// (BPF_PROG_TEST_RUN):
//   program_bench [ROUNDS]     without any: 31 rounds; prints JSON, a line for each case
// Each round runs every case once, so that other load on the machine affects all of them equally.
#include <fmt/format.h>
#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <thread>

#include "loaded_programs.h"
#include "tests/bench/common/figures.h"
#include "tests/bpf/canary.h"

namespace candor {
namespace {

constexpr uint32_t kMapEntries = 131072;
constexpr uint32_t kFlowsAtMost = 100000;
constexpr uint32_t kRepeat = 20000;
constexpr uint32_t kOneShots = 64;  // each round, of each kind

void PinTo(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<size_t>(cpu), &set);
  pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

void Print(const std::string& name, candor_dir dir, uint32_t flows, const Figures& f, const Figures& ratio) {
  fmt::print(R"({{"case":"{}","dir":"{}","flows":{},"ns":{:.1f},"ns_p10":{:.1f},"ns_p90":{:.1f},)"
             R"("ratio":{:.2f},"ratio_p10":{:.2f},"ratio_p90":{:.2f}}})"
             "\n",
             name, dir == CANDOR_IN ? "in" : "out", flows, f.Median(), f.At(0.1), f.At(0.9), ratio.Median(),
             ratio.At(0.1), ratio.At(0.9));
}

struct Row {
  Figures ns, ratio;
};

// Warm caches: the same packet again and again.
void MeasureCases(const LoadedPrograms& programs, const std::vector<Case>& cases, uint32_t flows,
                  int rounds) {
  std::map<const Case*, Row> rows;
  Row floors[2];
  for (int round = 0; round < rounds; ++round) {
    double floor[2];
    for (const auto dir : {CANDOR_IN, CANDOR_OUT}) {
      floor[dir] = MeanRunCost(programs.floor(dir), cases.front().ip, kRepeat);
      floors[dir].ns.Add(floor[dir]);
      floors[dir].ratio.Add(1);
    }
    for (const auto& c : cases) {
      const double ns = MeanRunCost(programs.candor(c.dir), c.ip, kRepeat);
      rows[&c].ns.Add(ns);
      rows[&c].ratio.Add(ns / floor[c.dir]);
    }
  }
  for (const auto dir : {CANDOR_IN, CANDOR_OUT})
    Print("floor", dir, flows, floors[dir].ns, floors[dir].ratio);
  for (const auto& c : cases) Print(c.name, c.dir, flows, rows[&c].ns, rows[&c].ratio);
}

// One run for each flow, across the map, with a system call between two: the cost with a cold cache.
void MeasureOnce(const LoadedPrograms& programs, uint32_t flows, int rounds, uint32_t* fresh) {
  Row floor, media, check;
  const uint32_t stride = std::max(1u, flows / kOneShots);
  for (int round = 0; round < rounds; ++round) {
    Figures f, m, n;
    for (uint32_t i = 0; i < kOneShots; ++i) {
      const Bytes packet = NthFlowMedia((i * stride + static_cast<uint32_t>(round) * 7) % flows, CANDOR_IN);
      f.Add(SingleRunCost(programs.floor(CANDOR_IN), packet));
      m.Add(SingleRunCost(programs.candor(CANDOR_IN), packet));
      n.Add(SingleRunCost(programs.candor(CANDOR_IN), NewCheck((*fresh)++)));
    }
    floor.ns.Add(f.Median());
    floor.ratio.Add(1);
    media.ns.Add(m.Median());
    media.ratio.Add(m.Median() / f.Median());
    check.ns.Add(n.Median());
    check.ratio.Add(n.Median() / f.Median());
  }
  Print("once: floor", CANDOR_IN, flows, floor.ns, floor.ratio);
  Print("once: active SRTP in", CANDOR_IN, flows, media.ns, media.ratio);
  Print("once: new flow's check in", CANDOR_IN, flows, check.ns, check.ratio);
}

// The cost of the same packet while another CPU runs the egress program of a flow; ratio 1: no contention.
void MeasureContention(const LoadedPrograms& programs, const std::string& name, uint32_t other_flow,
                       int rounds) {
  const Bytes in = NthFlowMedia(1, CANDOR_IN), out = NthFlowMedia(other_flow, CANDOR_OUT);
  Row both;
  for (int round = 0; round < rounds; ++round) {
    PinTo(0);
    const double alone = MeanRunCost(programs.candor(CANDOR_IN), in, kRepeat);
    std::atomic<bool> stop{false};
    std::atomic<bool> started{false};
    std::thread other([&] {
      PinTo(1);
      while (!stop) {
        MeanRunCost(programs.candor(CANDOR_OUT), out, kRepeat);
        started = true;
      }
    });
    while (!started) std::this_thread::yield();
    const double beside = MeanRunCost(programs.candor(CANDOR_IN), in, kRepeat);
    stop = true;
    other.join();
    both.ns.Add(beside);
    both.ratio.Add(beside / alone);
  }
  Print(name, CANDOR_IN, kFlowsAtMost, both.ns, both.ratio);
}

int Run(int rounds) {
  if (const std::string wrong = RunCanary(); !wrong.empty()) {
    fmt::print(stderr, "BPF does not work here: {}\n", wrong);
    return 1;
  }
  PinTo(0);
  LoadedPrograms programs(kMapEntries);
  const auto cases = Cases();
  for (const auto& c : cases) {
    for (const auto& [dir, ip] : c.before) MeanRunCost(programs.candor(dir), ip, 1);
  }
  uint32_t fresh = 0;
  for (const uint32_t flows : {100u, 10000u, kFlowsAtMost}) {
    programs.FillTo(flows);
    MeasureCases(programs, cases, flows, rounds);
    MeasureOnce(programs, flows, rounds, &fresh);
  }
  if (std::thread::hardware_concurrency() > 1) {
    MeasureContention(programs, "2 CPUs, 2 flows: active SRTP in", 2, rounds);
    MeasureContention(programs, "2 CPUs, 1 flow: active SRTP in", 1, rounds);
  }
  fmt::print(R"({{"flow_map_bytes":{},"flows_max":{}}})"
             "\n",
             programs.FlowMapBytes(), kMapEntries);
  return 0;
}

}  // namespace
}  // namespace candor

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 31;
  return candor::Run(rounds > 0 ? rounds : 1);
}
