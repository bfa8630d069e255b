// SPDX-License-Identifier: Apache-2.0
//
// The service names of grpc.health.v1 and their answers. A name that is missing, if only for a moment after
// the start, fails every call of a client with health checking (gRFC A17): those of the node are constant,
// and those of its media servers are known from the start on where they are configured or an earlier candord
// knew them, else from their first attempt; none is ever taken back. Pure. Tested in
// tests/serve/health_service_test.cc.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "status/snapshot_store.h"

namespace candor {

// "", "media" and "candor.v1.NodeHealth": the effective answer; "self": the self-report; "sensor": whether
// the probes deliver.
inline constexpr std::array<std::string_view, 5> kHealthServiceNames = {"", "media", "self", "sensor",
                                                                        "candor.v1.NodeHealth"};

// `name`: one of kHealthServiceNames, or of a media server. nullopt: an unknown name.
std::optional<bool> IsServing(std::string_view name, const Snapshot& snapshot);

// The error text for an unknown name; lists the known ones.
std::string UnknownServiceMessage(std::string_view name, const Snapshot& snapshot);
// All known ones: the constant ones, then those of servers.
std::vector<std::string> HealthServiceNames(const Snapshot& snapshot);

}  // namespace candor
