// SPDX-License-Identifier: Apache-2.0
//
// The names of grpc.health.v1 that Candor answers to, and what a snapshot answers under each. The set never
// changes while the daemon runs: an unknown name fails every call of a health-checking client, so all of
// them are there before the port opens.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "status/snapshot_store.h"

namespace candor {

// "" and "media" and "candor.v1.NodeHealth": the effective answer; "self": what the node says of itself;
// "sensor": whether the probes see.
inline constexpr std::array<std::string_view, 5> kHealthServiceNames = {"", "media", "self", "sensor",
                                                                        "candor.v1.NodeHealth"};

// nullopt: not one of the names.
std::optional<bool> IsServing(std::string_view name, const Snapshot& snapshot);

// For whoever asked for another name: which there are.
std::string UnknownServiceMessage(std::string_view name);

}  // namespace candor
