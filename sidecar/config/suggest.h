// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace candor::config {

// The candidate that is the fewest edits away from `word`, the first of several; empty when all are too far.
// Pure.
std::string Nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace candor::config
