// SPDX-License-Identifier: Apache-2.0
//
// What systemd is told (sd_notify(3), "Notes": a datagram to the socket that it names). Not by libsystemd,
// which waits while systemd's queue is full: a machine whose systemd hangs is one to judge. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace candor::daemon {

class Notifier {
 public:
  // `socket`: NOTIFY_SOCKET, a path or "@name"; empty: nobody wants to know.
  explicit Notifier(std::string socket);

  void Ready() const { Tell("READY=1"); }
  void Stopping() const { Tell("STOPPING=1"); }
  // Once for each judgement: with WatchdogSec= in the unit, systemd ends a daemon whose line stands still.
  void Alive() const { Tell("WATCHDOG=1"); }

 private:
  // Nobody can act on a failure to notify: systemd itself notices by its own timeouts.
  void Tell(std::string_view word) const;

  std::string socket_;
  UniqueFd fd_;
};

}  // namespace candor::daemon
