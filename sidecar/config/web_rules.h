// SPDX-License-Identifier: Apache-2.0
//
// Rules between the addresses of all ports: one address serves one kind of question.
#pragma once

#include <vector>

#include "config/rules.h"

namespace candor::config {

std::vector<BrokenRule> BrokenWebRules(const Config& c);

}  // namespace candor::config
