// SPDX-License-Identifier: Apache-2.0
//
// Of the calling thread: who it is and what it may do. Capabilities belong to threads; a new thread has those
// of the one that made it. Source: capabilities(7), credentials(7).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace candor::daemon {

using CapabilitySet = uint64_t;  // one bit for each capability number

constexpr CapabilitySet SetOf(int capability) { return CapabilitySet{1} << capability; }

// The thread keeps those of `kept` that it has, as permitted and effective, and none is left to inherit.
Result<void> LimitCapabilities(CapabilitySet kept);
// "CAP_NET_ADMIN, CAP_NET_RAW"; "none".
std::string CapabilityNames(CapabilitySet set);
CapabilitySet PermittedCapabilities();

// Becomes that user with its groups, keeping the permitted capabilities. Nothing happens for an empty name or
// the user that this is already. For a process with one thread.
Result<void> SwitchUser(const std::string& name);
// No program that is started from here on gains rights; the bounding set is emptied where that is allowed.
Result<void> ForbidNewPrivileges();
// The folder is the user's from now on; one that does not exist is no error. Before SwitchUser().
Result<void> ChownFolder(const std::string& folder, const std::string& user);
// The same with all that is in it, where it was root's until now: what a candord that stayed root has left
// there is then the user's to take over. What another user left is not touched.
Result<void> ChownTree(const std::string& folder, const std::string& user);

}  // namespace candor::daemon
