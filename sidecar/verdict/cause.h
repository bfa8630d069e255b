// SPDX-License-Identifier: Apache-2.0
//
// Why the node fails, as far as it was measured or can be inferred: beside the detector, which says how it
// shows. Values only.
// Tested in tests/verdict/cause_finder_test.cc.
#pragma once

#include <string>
#include <vector>

namespace candor {

struct Cause {
  std::string code;  // stable snake_case of a small closed set (cause_codes.h), a metric's label; empty: none
  bool measured = false;           // the kernel says so; false: inferred from what was seen
  std::string text;                // one sentence with figures
  std::string remediation;         // what an operator can do
  std::vector<std::string> chain;  // the measurements it rests on, one sentence each

  bool empty() const { return code.empty() && text.empty(); }  // nothing was looked for
  bool operator==(const Cause&) const = default;
};

}  // namespace candor
