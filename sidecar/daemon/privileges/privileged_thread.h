// SPDX-License-Identifier: Apache-2.0
//
// Least privilege: all threads but one run without any capability and under a system call filter. The
// privileged thread loads the probes, then keeps only the capability to attach them again; it reads nothing
// from a network. Thread-safe.
// Tested in tests/survive/rights_test.py and tests/daemon/filter_test.py.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "config/config.h"
#include "probe/load/executor.h"
#include "probe/pins/pin_folder.h"

namespace candor::daemon {

// Whether candord can run the program of on_transition: the system call filter allows it only when a program
// was configured at the start, and cannot be widened.
bool MayRunPrograms(const Config& at_start);

class PrivilegedThread {
 public:
  // Call before any other thread is started. Changes the user; then the calling thread, and all that it
  // starts, have no capability. `pins`: see pin_root(). Errors: the configured user does not exist, or the
  // change is refused.
  static Result<std::unique_ptr<PrivilegedThread>> Start(const Config& config, OpenedPinRoot pins);

  // Runs tasks on the privileged thread, one after the other.
  const Executor& executor() const { return run_; }
  // The folder that PrepareFolders() opened as root; null: it opened none.
  const OpenedPinRoot& pin_root() const { return pins_; }
  // On the privileged thread, after the probes were loaded or were not: drops the capabilities that are not
  // needed any more. Returns a note on what is kept and why; an error: more than that is kept.
  Result<std::string> DropAfterLoad(bool probes_loaded) const;

 private:
  PrivilegedThread(const Config& config, OpenedPinRoot pins, Executor run);

  bool reattach_, filter_, may_capture_;
  OpenedPinRoot pins_;
  Executor run_;
};

}  // namespace candor::daemon
