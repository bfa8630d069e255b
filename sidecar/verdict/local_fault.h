// SPDX-License-Identifier: Apache-2.0
//
// A fact measured on this node that keeps media away from it: what makes joins_without_media FAILING instead
// of DEGRADED, and what local_fault_detector.h looks for. Values only.
// Tested in tests/verdict/local_fault_test.cc.
#pragma once

#include <string>

#include "base/time.h"
#include "facts/local_facts.h"

namespace candor {

struct LocalFault {
  std::string code;  // of a CauseCode; empty: there is none
  std::string text;  // one sentence with figures, from what was measured
  Time at{};         // of the measurement
  // It leaves nothing of the media server at work: all its processes are stopped or frozen, have ended, or
  // have all ended twice and more within kRestartMemory.
  bool whole = false;
  bool watched = false;   // of a reading of the processes alone (LocalFacts::watch): other faults may stand
  bool restarts = false;  // all its processes have ended twice and more: each time all calls were cut
  bool descriptors_read = false;  // else it tells nothing of them
  // One sentence with figures where a call finds no descriptor, whatever `code` names; else empty.
  std::string no_descriptors{};
};

// The first of: frozen, out of memory, restarts, the process or its socket gone, ports or descriptors used
// up, an address gone. Measured only; empty: there is none, or it could not be read.
LocalFault LocalFaultOf(const LocalFacts& facts);

}  // namespace candor
