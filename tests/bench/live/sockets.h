// SPDX-License-Identifier: Apache-2.0
//
// The two ends of the load: a node's UDP sockets, and a packet socket from which all its peers send.
#pragma once

#include <linux/if_packet.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "frames.h"

namespace candor {

// UDP sockets of 10.98.0.1, ports from kNodePort on, non-blocking, with room for a whole batch.
Result<std::vector<UniqueFd>> OpenNodeSockets(uint32_t count);

// A packet socket on `device` of the network namespace at `path`; the calling thread comes back to its own.
// No filter, and no protocol: it only sends.
Result<UniqueFd> OpenPeers(const std::string& path, const std::string& device);

}  // namespace candor
