// SPDX-License-Identifier: Apache-2.0
//
// Names the cause of a fault from what was measured: the kernel's drop reasons, the local facts, and what the
// failing attempts have in common. A false localisation is worse than none: where two causes fit, both are
// named and no code is given. Pure, thread-safe.
#pragma once

#include <array>
#include <cstdint>

#include "facts/local_facts.h"
#include "flow/drop_reasons.h"
#include "flow/flow.h"
#include "verdict/cause.h"
#include "verdict/failure_shape.h"

namespace candor {

// How the fault shows: it decides which causes are possible at all.
enum class Symptom : uint8_t {
  kNone,            // no fault
  kNothingArrives,  // attempts stay away, or were lost before the socket
  kNodeSilent,      // packets reach the socket, and the node does not answer
  kNotActive,       // attempts are answered, and do not come up or do not last
  kReceiveLoss,     // datagrams are dropped at the socket
  kSendLoss,        // datagrams do not leave the machine
  kSlow,            // attempts come up late
};

struct CauseEvidence {
  Symptom symptom = Symptom::kNone;
  uint64_t failed = 0;  // attempts; of kNothingArrives: those that are usual and stayed away
  Duration window{};    // that these, and `dropped`, span
  // Datagrams that the kernel dropped within the window, beyond what is usual there.
  DropSums dropped{};
  // Of the failed attempts, those whose packets the kernel dropped, by reason; only where `lost_known`.
  DropSums lost{};
  bool lost_known = false;
  FailureShape shape;
  LocalFacts facts;
};

// Empty where there is no fault, or nothing was looked at.
Cause FindCause(const CauseEvidence& e);

}  // namespace candor
