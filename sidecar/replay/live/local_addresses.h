// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.h"
#include "flow/address.h"

namespace candor {

// The addresses of this host (of its network namespace), with loopback. Thread-safe.
Result<std::vector<IpAddress>> LocalAddresses();

}  // namespace candor
