// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "config/config.h"
#include "flow/flow_source.h"

namespace candor::daemon {

// The source that the configuration asks for. Returns at once; what takes time happens on other threads.
std::unique_ptr<FlowSource> MakeSource(const Config& config);

}  // namespace candor::daemon
