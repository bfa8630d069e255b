// SPDX-License-Identifier: Apache-2.0
//
// Tested in tests/survive/service_test.py.
#pragma once

#include "base/result.h"
#include "config/config.h"
#include "daemon/paths.h"
#include "probe/pins/pin_folder.h"

namespace candor::daemon {

// What root does before it becomes `process.user`: makes the folders of the state file, the admin socket and
// the pins and changes their owner to that user. Opens the folder of the pins, which that user may not be
// able to reach. Does nothing without a user or when not run as root. Null then, and without pins.
Result<OpenedPinRoot> PrepareFolders(const Config& config, const ServiceFolders& folders);

}  // namespace candor::daemon
