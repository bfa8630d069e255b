// SPDX-License-Identifier: Apache-2.0
//
// One line of `candorctl doctor`.
#pragma once

#include <string>

namespace candor::cli {

enum class Grade { kOk, kWarn, kFail };

struct Finding {
  std::string check;  // stable, snake_case
  Grade grade = Grade::kOk;
  std::string text;         // what is so
  std::string remediation;  // what to do; empty when nothing is wrong
};

}  // namespace candor::cli
