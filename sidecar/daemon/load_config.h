// SPDX-License-Identifier: Apache-2.0
//
// File and flags become the Config in force.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "daemon/flags.h"

namespace candor::daemon {

struct LoadedConfig {
  Config config;
  std::string file;  // that was read; empty: none
};

// On failure: every error, each a line for people. A file that was named must be there; the default one
// need not be.
tl::expected<LoadedConfig, std::vector<std::string>> LoadConfig(const Flags& flags);

}  // namespace candor::daemon
