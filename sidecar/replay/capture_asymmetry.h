// SPDX-License-Identifier: Apache-2.0
//
// Counts flows of which a capture lacks one direction (an asymmetric mirror, one of several uplinks). A side
// without packets may also be dead. The evidence is the other side: it sends what RFC 6347 allows only after
// an answer, so that an answer was sent and is not in the capture. Value type.
#pragma once

#include <cstdint>

#include "flow/flow.h"

namespace candor {

struct CaptureAsymmetry {
  uint64_t flows = 0;        // all that were added
  uint64_t missing_out = 0;  // of these, flows without the node's answers
  uint64_t missing_in = 0;   // of these, flows without the peer's packets

  void Add(const FlowState& flow);
};

}  // namespace candor
