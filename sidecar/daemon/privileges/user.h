// SPDX-License-Identifier: Apache-2.0
//
// Changing from root to another user, and the ownership of files before that (credentials(7)).
#pragma once

#include <string>

#include "base/result.h"

namespace candor::daemon {

// The process becomes that user with its groups and keeps its permitted capabilities. Does nothing for an
// empty name and for the present user. For a process with one thread.
Result<void> SwitchUser(const std::string& name);

// Changes the owner of `folder`; no error when it does not exist. Before SwitchUser().
Result<void> ChownFolder(const std::string& folder, const std::string& user);
// The same for everything in it too, if root owned the folder: a candord that ran as root left it. The files
// of another user are not changed.
Result<void> ChownTree(const std::string& folder, const std::string& user);

}  // namespace candor::daemon
