// SPDX-License-Identifier: Apache-2.0
//
// Whether a capture lacks one direction of some flows (an asymmetric mirror, one of several uplinks). A side
// that never speaks may be dead as well; but a peer that goes on as it can only after an answer has had one,
// and where the capture does not hold it, the capture is short of it. Value type.
#pragma once

#include <cstdint>

#include "flow/flow.h"

namespace candor {

struct CaptureAsymmetry {
  uint64_t flows = 0;        // that were looked at
  uint64_t missing_out = 0;  // of these, the node's answers are missing
  uint64_t missing_in = 0;   // of these, the peer's packets are missing

  void Add(const FlowState& flow);
};

}  // namespace candor
