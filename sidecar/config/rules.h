// SPDX-License-Identifier: Apache-2.0
//
// Rules between settings.
// Tested in tests/config/parse_test.cc and tests/config/web_settings_test.cc.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"

namespace candor::config {

struct BrokenRule {
  std::string path;  // of the setting to change
  std::string message;
};

std::vector<BrokenRule> BrokenRules(const Config& config);

}  // namespace candor::config
