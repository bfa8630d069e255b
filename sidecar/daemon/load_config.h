// SPDX-License-Identifier: Apache-2.0
//
// The configuration in force: defaults, then the file, then the command line.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "daemon/flags.h"

namespace candor::daemon {

struct LoadedConfig {
  Config config;
  std::string file;  // the one that was read; empty: none
};

// On failure: all errors, one line each. A file that --config names must exist; the default one need not.
tl::expected<LoadedConfig, std::vector<std::string>> LoadConfig(const Flags& flags);

}  // namespace candor::daemon
