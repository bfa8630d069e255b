// SPDX-License-Identifier: Apache-2.0
//
// The arguments of `candorctl replay`, as typed; MakePlan() (replay_plan.h) checks them.
// Tested by tests/cli/offline/replay_plan_test.cc.
#pragma once

#include <string>

#include "cli/offline/judge_flags.h"

namespace candor::cli {

struct ReplayArguments {
  std::string file;            // pcap or pcapng; "-": standard input
  std::string socket_capture;  // a capture of the same time at the node's sockets; "": none
  std::string node;            // ADDR|CIDR[,...]: addresses of the node
  std::string ports;           // "", "A" or "A-B": UDP ports of the node
  JudgeFlags flags;
  std::string self_report;  // "", "ok" or "down": the node's own report during the whole capture
  double false_alarms_per_month = 1.0;
  double smallest_share = 0.10;
  bool json = false;      // JSON lines instead of tables
  bool attempts = false;  // every attempt, not only the worst
  bool colour = false;    // in tables
  bool progress = false;  // a bar on the error stream, a terminal, while long files are read
};

}  // namespace candor::cli
