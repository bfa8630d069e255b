// SPDX-License-Identifier: Apache-2.0
//
// The service names of grpc.health.v1 and their answers. The set is constant: a name that is missing, if only
// for a moment after the start, fails every call of a client with health checking (gRFC A17). Pure. Tested in
// tests/serve/health_service_test.cc.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "status/snapshot_store.h"

namespace candor {

// "", "media" and "candor.v1.NodeHealth": the effective answer; "self": the self-report; "sensor": whether
// the probes deliver.
inline constexpr std::array<std::string_view, 5> kHealthServiceNames = {"", "media", "self", "sensor",
                                                                        "candor.v1.NodeHealth"};

// nullopt: an unknown name.
std::optional<bool> IsServing(std::string_view name, const Snapshot& snapshot);

// The error text for an unknown name; lists the known ones.
std::string UnknownServiceMessage(std::string_view name);

}  // namespace candor
