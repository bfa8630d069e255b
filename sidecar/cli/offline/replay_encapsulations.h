// SPDX-License-Identifier: Apache-2.0
//
// What stood around a capture's packets, for people and for programs.
#pragma once

#include <string>

#include "replay/layers/encapsulation.h"

namespace candor::cli {

// "9 packets were read inside VXLAN" and so on, a line each, indented; empty where nothing stood around any.
std::string RenderEncapsulations(const EncapsulationCounts& counts, size_t indent);
// Objects with the kinds that were there: {"vxlan":9}.
std::string JsonInside(const EncapsulationCounts& counts);
std::string JsonNotRead(const EncapsulationCounts& counts);

}  // namespace candor::cli
