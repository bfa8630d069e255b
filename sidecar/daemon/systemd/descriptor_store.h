// SPDX-License-Identifier: Apache-2.0
//
// systemd's file descriptor store (systemd.service(5), FileDescriptorStoreMax=): what it holds of candord
// while candord restarts, and lets go of when the unit is stopped. Without a systemd there is none.
#pragma once

#include "probe/pins/pin_store.h"

namespace candor::daemon {

class DescriptorStore final : public PinStore {
 public:
  // Takes what systemd hands over, by the environment, and the words for it out of the environment
  // (sd_listen_fds(3)): call once, before there are other threads.
  DescriptorStore();

  const KeptPins& left() const override { return left_; }
  void Forget() override;
  void Keep(const KeptPins& pins) override;

 private:
  KeptPins left_;
};

}  // namespace candor::daemon
