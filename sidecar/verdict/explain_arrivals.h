// SPDX-License-Identifier: Apache-2.0
//
// The sentences of what does not come: attempts that ceased, sessions that bring none, and a share that is
// never acknowledged. Private to this folder. Pure, thread-safe.
// Tested in tests/verdict/judge_arrivals_test.cc and tests/verdict/judge_joins_test.cc.
#pragma once

#include <string>

#include "verdict/findings.h"
#include "verdict/verdict.h"

namespace candor {

// "12 connections came up within 30.0 s, where about 14 are usual"
std::string ComeUp(const BaselineSuccesses::Recent& r);
// Each sets reason, detail and remediation; the words follow v->state.
void ExplainCeased(const ArrivalGap& gap, Verdict* v);
void ExplainJoins(const Measurements& m, Verdict* v);
// What the machine shows, beside attempts that stay away or get no answer.
void ExplainLocalFault(const Measurements& m, Verdict* v);
void ExplainPartly(const Measurements& m, Verdict* v);

}  // namespace candor
