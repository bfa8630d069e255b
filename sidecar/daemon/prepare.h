// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "config/config.h"
#include "daemon/places.h"

namespace candor::daemon {

// What root must do before it becomes `process.user`: the folders of the state file, the admin socket and the
// pins are made and given to that user. Does nothing without a user, or for whoever is not root.
Result<void> PrepareFolders(const Config& config, const ServiceFolders& folders);

}  // namespace candor::daemon
