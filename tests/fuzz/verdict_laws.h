// SPDX-License-Identifier: Apache-2.0
//
// Invariants of a verdict for any input of the judge. Each function returns the broken invariant, empty when
// all hold. Pure.
#pragma once

#include <string>

#include "verdict/verdict.h"

namespace candor::fuzz {

std::string BrokenIn(const Verdict& v);
// Of two verdicts of one judge, the earlier first.
std::string BrokenBetween(const Verdict& before, const Verdict& after);

}  // namespace candor::fuzz
