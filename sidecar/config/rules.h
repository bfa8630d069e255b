// SPDX-License-Identifier: Apache-2.0
//
// What no single setting can break: rules between settings.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"

namespace candor::config {

struct BrokenRule {
  std::string path;  // of the setting to look at first
  std::string message;
};

std::vector<BrokenRule> BrokenRules(const Config& config);

}  // namespace candor::config
