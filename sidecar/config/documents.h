// SPDX-License-Identifier: Apache-2.0
//
// Tested in tests/config/parse_test.cc.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string_view>
#include <vector>

namespace candor::config {

// Where the first documents of a YAML stream begin, two at most. Two at one place: the parser does not
// advance, where YAML::LoadAll of yaml-cpp 0.7 would allocate empty documents until memory is exhausted
// (yaml-cpp issue 1040; a single comma causes it). Throws YAML::Exception.
std::vector<YAML::Mark> FirstDocuments(std::string_view text);

}  // namespace candor::config
