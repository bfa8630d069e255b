// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "config/config.h"
#include "daemon/paths.h"
#include "probe/pins/pin_folder.h"

namespace candor::daemon {

// What root must do before it becomes `process.user`: the folders of the state file, the admin socket and the
// pins are made and given to that user, who may not be allowed to reach the last: it is opened here. Does
// nothing without a user, or for whoever is not root; then, and without pins, what is returned is null.
Result<OpenedPinRoot> PrepareFolders(const Config& config, const ServiceFolders& folders);

}  // namespace candor::daemon
