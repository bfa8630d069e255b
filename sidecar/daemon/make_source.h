// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "config/config.h"
#include "daemon/rights.h"
#include "flow/flow_source.h"

namespace candor::daemon {

// The source that the configuration asks for. Returns at once; what takes time happens on other threads.
// `rights` outlives the source; its thread does what needs capabilities.
std::unique_ptr<FlowSource> MakeSource(const Config& config, const Rights& rights, bool take_over);

}  // namespace candor::daemon
