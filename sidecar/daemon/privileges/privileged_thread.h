// SPDX-License-Identifier: Apache-2.0
//
// candord with as few rights as it can do its work with. All threads but one are born without any capability
// and under a filter of system calls; the one loads the probes, then keeps only what attaching them again
// needs, and reads nothing from any network. Thread-safe once begun.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "config/config.h"
#include "probe/load/executor.h"
#include "probe/pins/pin_folder.h"

namespace candor::daemon {

// Whether candord can run the program of on_transition: the filter that it begins under is never widened, and
// lets programs run only when there was one to run.
bool MayRunPrograms(const Config& at_start);

class PrivilegedThread {
 public:
  // Call before any other thread is started. From then on the calling thread, and what it starts, have no
  // capability. An error: the configured user does not exist or cannot be taken. `pins`: see pin_root().
  static Result<std::unique_ptr<PrivilegedThread>> Begin(const Config& config, OpenedPinRoot pins);

  // Runs work on the thread that has rights, one piece after the other.
  const Executor& executor() const { return run_; }
  // What was opened with the rights of before (PrepareFolders()); null: nothing was.
  const OpenedPinRoot& pin_root() const { return pins_; }
  // On that thread, when all that the probes need was tried: gives up what is not needed any more, for good.
  // What is kept and why, for people. An error: more than that is kept.
  Result<std::string> DropAfterLoad(bool probes_loaded) const;

 private:
  PrivilegedThread(const Config& config, OpenedPinRoot pins, Executor run);

  bool reattach_, filter_, may_capture_;
  OpenedPinRoot pins_;
  Executor run_;
};

}  // namespace candor::daemon
