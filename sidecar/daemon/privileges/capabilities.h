// SPDX-License-Identifier: Apache-2.0
//
// Linux capabilities of the calling thread (capabilities(7)); a new thread inherits those of its creator.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace candor::daemon {

using CapabilitySet = uint64_t;  // bit N: capability N of linux/capability.h

constexpr CapabilitySet SetOf(int capability) { return CapabilitySet{1} << capability; }

CapabilitySet PermittedCapabilities();
// The thread keeps the permitted capabilities of `kept`, effective and permitted; none stays inheritable or
// ambient.
Result<void> LimitCapabilities(CapabilitySet kept);
// "CAP_NET_ADMIN, CAP_NET_RAW"; "none".
std::string CapabilityNames(CapabilitySet set);

// No program that is executed from here on gains privileges (PR_SET_NO_NEW_PRIVS). Empties the bounding set
// too, where CAP_SETPCAP allows it.
Result<void> ForbidNewPrivileges();

}  // namespace candor::daemon
