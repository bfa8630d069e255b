// SPDX-License-Identifier: Apache-2.0
//
// Keeps pinned objects between a clean end of candord and its next start, outside of the process (systemd's
// file descriptor store, systemd.service(5), FileDescriptorStoreMax=). Without it a clean end removes all
// objects from the kernel.
// Tested in tests/probe/kernel/load_kernel_probe_test.cc and tests/survive/service_test.py.
#pragma once

#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace candor {

struct KeptPin {
  std::string name;  // below the root of all pins: "<instance>/<version>/<object>" (pin_names.h)
  UniqueFd object;   // a map, a program or a link
};
using KeptPins = std::vector<KeptPin>;

// Used by one thread at a time. Forget() and Keep() may block.
class PinStore {
 public:
  virtual ~PinStore() = default;
  // The objects that the previous candord left. Valid until Forget().
  virtual const KeptPins& left() const = 0;
  // Releases the objects that were left, here and in the store: those pinned by then remain.
  virtual void Forget() = 0;
  // Stores `pins` for the next candord, as far as the store accepts them.
  virtual void Keep(const KeptPins& pins) = 0;
};

}  // namespace candor
