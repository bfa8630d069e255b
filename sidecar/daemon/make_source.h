// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "config/config.h"
#include "daemon/privileges/privileged_thread.h"
#include "flow/flow_source.h"
#include "probe/pins/pin_store.h"

namespace candor::daemon {

// The source that the configuration asks for. Returns at once; what takes time happens on other threads.
// `rights` and `store` outlive the source; the thread of rights does what needs capabilities.
std::unique_ptr<FlowSource> MakeSource(const Config& config, const PrivilegedThread& rights, PinStore& store,
                                       bool take_over);

}  // namespace candor::daemon
