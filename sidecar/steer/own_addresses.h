// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace candor::steer {

// The IPv4 and IPv6 addresses of this network namespace's interfaces, without loopback where there are
// others. Thread-safe. Empty: they cannot be read.
std::vector<std::string> OwnAddresses();

}  // namespace candor::steer
