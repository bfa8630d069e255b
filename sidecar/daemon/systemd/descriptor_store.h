// SPDX-License-Identifier: Apache-2.0
//
// systemd's file descriptor store (systemd.service(5), FileDescriptorStoreMax=): systemd holds these
// descriptors while candord restarts and closes them when the unit is stopped. Without systemd it is empty.
// Tested in tests/survive/service_test.py.
#pragma once

#include "probe/pins/pin_store.h"

namespace candor::daemon {

class DescriptorStore final : public PinStore {
 public:
  // Takes over the descriptors that the environment names, and removes these variables (sd_listen_fds(3)).
  // Call once, before there are other threads.
  DescriptorStore();

  const KeptPins& left() const override { return left_; }
  void Forget() override;
  void Keep(const KeptPins& pins) override;

 private:
  KeptPins left_;
};

}  // namespace candor::daemon
