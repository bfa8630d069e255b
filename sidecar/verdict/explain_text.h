// SPDX-License-Identifier: Apache-2.0
//
// Pieces of the sentences of explain.h; private to this folder. Pure, thread-safe.
// Tested in tests/verdict/explain_test.cc.
#pragma once

#include <string>
#include <utility>

#include "verdict/findings.h"
#include "verdict/verdict.h"

namespace candor {

// 0.031: "1 in 32".
std::string OneIn(double share);
// "180 ms", "3.2 s", "14 min", "2.0 h"
std::string Span(Duration d);
// "1 datagram", "2 datagrams", "2 processes"
std::string Many(uint64_t n, const char* what);
// "one client network", "4 client networks"
std::string Networks(uint64_t n);
// "9 of 9 new connections within 3.2 s, from 4 client networks,"
std::string Counts(const Verdict& v);
// The baseline and the evidence: "Usually at most 1 in 66 fail so (evidence 15.6, alarm at 13.1)."
std::string Certainty(const Verdict& v);

inline void SetText(Verdict* v, std::string detail, std::string remediation) {
  v->detail = std::move(detail);
  v->remediation = std::move(remediation);
}

// Detail and remediation follow the cause, where there is one; after Explain().
void ExplainCause(Verdict* v);

// Fills reason, detail and remediation of a DEGRADED verdict.
void ExplainDegraded(const Findings& f, Verdict* v);

}  // namespace candor
