// SPDX-License-Identifier: Apache-2.0
//
// How fast: a share of clients that is never answered (one of several readers of a port is dead, one of
// several event loops is stuck), beside the best that any rule can do. A stranger can forge as many
// unanswered attempts as he likes, so against him only the fall of what the node acknowledges is evidence.
#pragma once

#include <cstdint>

namespace candor::bench {

// The traffic around the fault.
struct PartlyCase {
  double rate = 3;        // attempts a second
  double share = 0.5;     // of clients that are not answered, from the onset on; 0: the node is well
  double regulars = 0.3;  // share of attempts from addresses that come again and again ...
  int addresses = 300;    // ... so many
  double returns = 0.5;   // share of unanswered clients that try again after some seconds
  int networks = 200;     // client networks (/16), of unequal size
  double forged = 0;      // attempts a second that nobody made, from the onset on ...
  int sources = 1000;     // ... from so many addresses
  bool forged_from_clients_networks = false;  // ... of the networks from which clients come
  int broken = 0;        // regular clients that are not answered any more and try each 2 s, from the onset on
  double fall = 0;       // from the onset on so many clients stay away by themselves
  double surge = 1;      // from the onset on so many times as many come
  double learned = 900;  // seconds of healthy traffic before the onset
  double lasts = 1800;   // seconds from the onset on
};

// Seconds from the onset; 1e9: never.
struct PartlyDelay {
  double flagged = 1e9;  // DEGRADED or FAILING
  double named = 1e9;    // with the reason partly_unanswered
  double failing = 1e9;
  bool called_forged = false;  // a text said "most likely forged"
};
PartlyDelay DelayOfPartly(const PartlyCase& c, uint64_t seed);

// The best possible with everything known, to FAILING. `nobody_forges`: CUSUM on each attempt, with one
// false alarm in 30 days; else the likelihood ratio of the acknowledgements alone since the onset, at odds of
// 1000 to 1.
double BoundOfPartly(const PartlyCase& c, bool nobody_forges, uint64_t seed);

}  // namespace candor::bench
