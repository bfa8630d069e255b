// SPDX-License-Identifier: Apache-2.0
//
// What a cause is named from: the kernel's drops, the local facts, and what the failing attempts have in
// common. Values only. Tested in tests/verdict/cause_finder_test.cc.
#pragma once

#include <cstdint>

#include "facts/local_facts.h"
#include "flow/drop_reasons.h"
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
  kNotReceived,     // packets leave the sockets and do not arrive
  kSlow,            // attempts come up late
};

struct CauseEvidence {
  Symptom symptom = Symptom::kNone;
  uint64_t failed = 0;  // attempts; of kNothingArrives: those that are usual and stayed away
  Duration window{};    // that these, and `dropped`, span
  // Datagrams that the kernel dropped within the window, beyond what is usual there.
  DropSums dropped{};
  bool drops_known = false;  // else 0 of them says nothing
  // Of the failed attempts, those whose packets the kernel dropped, by reason; only where `lost_known`.
  DropSums lost{};
  bool lost_known = false;
  FailureShape shape;
  LocalFacts facts;
};

}  // namespace candor
