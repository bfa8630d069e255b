// SPDX-License-Identifier: Apache-2.0
//
// Messages to systemd: a datagram to the socket that it names (sd_notify(3), "Notes"). libsystemd would block
// while systemd's queue is full, and candord must go on while systemd hangs. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace candor::daemon {

class Notifier {
 public:
  // `socket`: NOTIFY_SOCKET, a path or "@name"; empty: nothing is sent.
  explicit Notifier(std::string socket);

  void Ready() const { Send("READY=1"); }
  void Stopping() const { Send("STOPPING=1"); }
  // Once per judgement: with WatchdogSec= in the unit, systemd ends a candord whose pipeline has stalled.
  void Alive() const { Send("WATCHDOG=1"); }

 private:
  // Ignores errors: systemd acts on its own timeouts.
  void Send(std::string_view message) const;

  std::string socket_;
  UniqueFd fd_;
};

}  // namespace candor::daemon
