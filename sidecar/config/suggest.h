// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace candor::config {

// The candidate that `word` was probably meant to be (few edits away), or nothing. Ties: the first one.
std::string Nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace candor::config
