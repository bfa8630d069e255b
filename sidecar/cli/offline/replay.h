// SPDX-License-Identifier: Apache-2.0
//
// `candorctl replay`: what would Candor have said, and when, had it watched the node of this capture? The
// capture runs through the very same line as live packets, on the capture's own clock, so that the answer
// is the same every time. Speaks to no candord.
#pragma once

#include <ostream>
#include <string>

namespace candor::cli {

// As typed; RunReplay() checks it.
struct ReplayArguments {
  std::string file;         // pcap or pcapng; "-": standard input
  std::string node;         // ADDR|CIDR[,...]: the node's own addresses
  std::string ports;        // "", "A" or "A-B": UDP ports on the node's side
  std::string trusted;      // "" or ADDR|CIDR,...
  std::string self_report;  // "", "ok" or "down": what the node said of itself all the while
  double false_alarms_per_month = 1.0;
  double smallest_share = 0.10;
  bool json = false;      // lines for programs instead of tables
  bool attempts = false;  // every attempt, not just the worst
  bool colour = false;    // in tables
  bool progress = false;  // a bar on `err`, a terminal, while long files are read
};

// Exit codes, of this command alone.
enum ReplayExit : int {
  kReplayComplete = 0,       // read from end to end, whatever the verdict
  kReplayBadArguments = 1,   // bad arguments, or a capture that cannot tell of --node (replay_usability.h)
  kReplayDamaged = 2,        // unreadable, no capture, or damaged; what came before the damage was judged
  kReplayInternalError = 3,  // the counts of the attempts do not add up: a fault of Candor's own
};

// Results to `out`, complaints and progress to `err`. Never throws on bad input.
int RunReplay(const ReplayArguments& arguments, std::ostream& out, std::ostream& err);

extern const char* const kReplaySummary;  // one sentence
extern const char* const kReplayHelp;     // teaches how to capture and how to read the answer

}  // namespace candor::cli
