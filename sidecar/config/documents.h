// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <yaml-cpp/yaml.h>

#include <string_view>
#include <vector>

namespace candor::config {

// Where the first documents of a YAML stream begin, two at most. Two at one place: the parser does not move
// on, which YAML::LoadAll of yaml-cpp 0.7 takes for endless empty documents, up to the last byte of memory
// (yaml-cpp issue 1040; a single comma does it). Throws YAML::Exception.
std::vector<YAML::Mark> FirstDocuments(std::string_view text);

}  // namespace candor::config
