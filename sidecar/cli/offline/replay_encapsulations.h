// SPDX-License-Identifier: Apache-2.0
//
// The encapsulations in a capture, as text and as JSON.
#pragma once

#include <string>

#include "replay/layers/encapsulation.h"

namespace candor::cli {

// "9 packets were read inside VXLAN" and so on, a line each, indented by `indent` blanks; empty without any.
std::string RenderEncapsulations(const EncapsulationCounts& counts, size_t indent);
// Objects with the kinds that occur: {"vxlan":9}.
std::string JsonInside(const EncapsulationCounts& counts);
std::string JsonNotRead(const EncapsulationCounts& counts);

}  // namespace candor::cli
