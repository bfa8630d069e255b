// SPDX-License-Identifier: Apache-2.0
//
// How fast a share of clients that is never answered is found, and what must not be taken for it. Seeded.
//   partly_bench [--seeds N]
// Prints the tables of sidecar/verdict/README.md. Exit code 1: a well node was FAILING.
#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "cells.h"
#include "partly.h"

namespace candor::bench {
namespace {

std::string Shown(double seconds) {
  if (seconds >= 1e9) return "never";
  return seconds < 10 ? fmt::format("{:.1f}", seconds) : fmt::format("{:.0f}", seconds);
}

void Delays(uint64_t seeds) {
  fmt::print(
      "| attempts/s | unanswered | flagged, p50 / p95 | named, p50 | FAILING, p50 / p95 | best possible: "
      "nobody forges | acknowledgements alone |\n|---|---|---|---|---|---|---|\n");
  for (const double rate : {1.0, 3.0, 4.0, 10.0}) {
    for (const double share : {0.1, 0.25, 0.5, 0.8}) {
      PartlyCase c;
      c.rate = rate;
      c.share = share;
      std::vector<double> flagged, named, failing, open, alone;
      for (uint64_t i = 0; i < seeds; ++i) {
        const PartlyDelay d = DelayOfPartly(c, 500 + i);
        flagged.push_back(d.flagged), named.push_back(d.named), failing.push_back(d.failing);
      }
      for (uint64_t i = 0; i < 200; ++i) {
        open.push_back(BoundOfPartly(c, true, 900 + i)), alone.push_back(BoundOfPartly(c, false, 900 + i));
      }
      const auto both = [](const std::vector<double>& x) {
        return Shown(Quantile(x, 0.5)) + " / " + Shown(Quantile(x, 0.95));
      };
      fmt::print("| {} | {:.0f} % | {} | {} | {} | {} | {} |\n", rate, share * 100, both(flagged),
                 Shown(Quantile(named, 0.5)), both(failing), Shown(Quantile(open, 0.5)),
                 Shown(Quantile(alone, 0.5)));
      std::fflush(stdout);
    }
  }
}

struct Well {
  std::string name;
  PartlyCase c;
};

std::vector<Well> WellNodes() {
  PartlyCase well;
  well.share = 0;
  std::vector<Well> all;
  const auto add = [&](const char* name, auto change) {
    PartlyCase c = well;
    change(&c);
    all.push_back({name, c});
  };
  add("forged, a third as many", [](PartlyCase* c) { c->forged = 1; });
  add("forged, as many", [](PartlyCase* c) { c->forged = 3; });
  add("forged, ten times as many", [](PartlyCase* c) { c->forged = 30; });
  add("forged, a third, from the clients' networks",
      [](PartlyCase* c) { c->forged = 1, c->forged_from_clients_networks = true; });
  add("forged, a third, from the clients' networks, 5 % stay away",
      [](PartlyCase* c) { c->forged = 1, c->forged_from_clients_networks = true, c->fall = 0.05; });
  add("forged, a third, while 20 % stay away", [](PartlyCase* c) { c->forged = 1, c->fall = 0.2; });
  add("twelve regular clients that are not answered any more", [](PartlyCase* c) { c->broken = 12; });
  add("the same, all clients behind 60 addresses",
      [](PartlyCase* c) { c->broken = 12, c->regulars = 1, c->addresses = 60; });
  add("half stay away", [](PartlyCase* c) { c->fall = 0.5; });
  add("flash crowd, five times", [](PartlyCase* c) { c->surge = 5; });
  add("flash crowd and as many forged", [](PartlyCase* c) { c->surge = 2, c->forged = 3; });
  return all;
}

bool Quiet(uint64_t seeds) {
  fmt::print("\n| a well node, half an hour each | FAILING | called partly_unanswered |\n|---|---|---|\n");
  bool well = true;
  for (const Well& w : WellNodes()) {
    uint64_t failing = 0, named = 0;
    for (uint64_t i = 0; i < seeds; ++i) {
      const PartlyDelay d = DelayOfPartly(w.c, 7000 + i);
      failing += d.failing < 1e9, named += d.named < 1e9;
    }
    well = well && failing == 0;
    fmt::print("| {} | {} of {} | {} |\n", w.name, failing, seeds, named);
    std::fflush(stdout);
  }
  return well;
}

}  // namespace
}  // namespace candor::bench

int main(int argc, char** argv) {
  uint64_t seeds = 40;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::string(argv[i]) == "--seeds") seeds = std::strtoull(argv[i + 1], nullptr, 10);
  }
  if (seeds == 0) return 2;
  candor::bench::Delays(seeds);
  return candor::bench::Quiet(seeds) ? 0 : 1;
}
