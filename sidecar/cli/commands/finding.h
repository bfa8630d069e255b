// SPDX-License-Identifier: Apache-2.0
//
// One line of `candorctl doctor`. Tested in tests/cli/commands/doctor_test.cc.
#pragma once

#include <string>

namespace candor::cli {

enum class Grade { kOk, kWarn, kFail };

struct Finding {
  std::string check;  // stable, snake_case
  Grade grade = Grade::kOk;
  std::string text;         // the state
  std::string remediation;  // what to do; empty when nothing is wrong
};

}  // namespace candor::cli
