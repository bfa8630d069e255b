// SPDX-License-Identifier: Apache-2.0
//
// A tracker and a judge that note who called them and do what the test wants.
#pragma once

#include <string>
#include <vector>

#include "verdict/verdict.h"

namespace candor {

struct FakeStages {
  std::vector<std::string> calls;  // in order
  Verdict verdict;                 // what the judge says
};

// That of the test that runs; there is one test at a time.
FakeStages& Fakes();

}  // namespace candor
