// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "config/config.h"
#include "flow/flow_source.h"
#include "probe/load/executor.h"
#include "probe/pins/pin_folder.h"
#include "probe/pins/pin_store.h"

namespace candor {

// What opening a source needs of the process. The functions are called as long as the source lives, on
// threads of `executor`.
struct SourceAccess {
  Executor executor;          // runs what needs capabilities
  OpenedPinRoot pin_root;     // opened before the process changed its user; null: it was not
  PinStore* store = nullptr;  // outlives the source
  bool take_over = false;     // another candord uses the pinned probes and is about to be stopped
  // After the probes were loaded, or were not: gives up what is not needed any more. A note for Health(), or
  // an error: more than that is kept.
  std::function<Result<std::string>(bool probes_loaded)> drop_capabilities;
};

// The source that the configuration names. Returns at once: loading and opening happen on other threads.
std::unique_ptr<FlowSource> MakeSource(const Config& config, const SourceAccess& access);

}  // namespace candor
