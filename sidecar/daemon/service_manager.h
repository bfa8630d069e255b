// SPDX-License-Identifier: Apache-2.0
//
// systemd, as it starts and watches candord: what it is told (sd_notify(3)), and the descriptors that it
// holds while candord restarts (sd_listen_fds(3)). Every call does nothing without a systemd. Telling is
// thread-safe.
#pragma once

#include "probe/pin_store.h"

namespace candor::daemon {

class ServiceManager final : public PinStore {
 public:
  // Takes what systemd hands over, by the environment, and the words for it out of the environment: call
  // once, before there are other threads.
  ServiceManager();

  static void Ready();
  static void Stopping();
  // Once for each judgement: with WatchdogSec= in the unit, systemd ends a daemon whose line stands still.
  static void Alive();

  // What was left lasts over a restart of the unit; when the unit is stopped, systemd lets go of it, and with
  // it of the probes. That needs FileDescriptorStoreMax= in the unit.
  const KeptPins& left() const override { return left_; }
  void Forget() override;
  bool Keep(const KeptPins& pins) override;

 private:
  KeptPins left_;
};

}  // namespace candor::daemon
