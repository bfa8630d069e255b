// SPDX-License-Identifier: Apache-2.0
//
// What is pinned, while no candord runs and nobody may need it again: after a clean end nothing of Candor's
// stays in the kernel, unless somebody holds it who knows whether another candord is to come (systemd's file
// descriptor store, systemd.service(5), FileDescriptorStoreMax=).
#pragma once

#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace candor {

struct KeptPin {
  std::string place;  // below the root of all pins: "<instance>/<version>/<object>" (pin_names.h)
  UniqueFd object;    // a map, a program or a link
};
using KeptPins = std::vector<KeptPin>;

// Used by one thread at a time. Forget() and Keep() may wait for whoever it is.
class PinStore {
 public:
  virtual ~PinStore() = default;
  // What the candord before left. Until Forget().
  virtual const KeptPins& left() const = 0;
  // Lets go of what was left, here and in the store: what is pinned by then stays, the rest ends.
  virtual void Forget() = 0;
  // For the next candord. False: not all of them were taken.
  virtual bool Keep(const KeptPins& pins) = 0;
};

}  // namespace candor
