// SPDX-License-Identifier: Apache-2.0
//
// Pieces of the sentences of explain.h. Private to this room. Pure, thread-safe.
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
// "1 datagram", "2 datagrams"
std::string Many(uint64_t n, const char* what);
// "one client network", "4 client networks"
std::string Networks(uint64_t n);
// "9 of 9 new connections within 3.2 s, from 4 client networks,"
std::string Counts(const Verdict& v);
// How sure, in words first: the figures are for those who know them.
std::string Sureness(const Verdict& v);

inline void Say(Verdict* v, std::string detail, std::string remediation) {
  v->detail = std::move(detail);
  v->remediation = std::move(remediation);
}

// Fills reason, detail and remediation of a DEGRADED verdict.
void ExplainDegraded(const Findings& f, Verdict* v);

}  // namespace candor
