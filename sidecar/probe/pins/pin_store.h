// SPDX-License-Identifier: Apache-2.0
//
// Who holds what was pinned between a clean end and the next start: then nothing of Candor's stays in the
// kernel but for somebody who knows whether another candord is to come (systemd's file descriptor store,
// systemd.service(5), FileDescriptorStoreMax=).
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

// Used by one thread at a time. Forget() and Keep() may wait for whoever it is.
class PinStore {
 public:
  virtual ~PinStore() = default;
  // What the candord before left. Until Forget().
  virtual const KeptPins& left() const = 0;
  // Lets go of what was left, here and in the store: what is pinned by then stays, the rest ends.
  virtual void Forget() = 0;
  // For the next candord, as far as they are taken: it says what is missing, or begins anew.
  virtual void Keep(const KeptPins& pins) = 0;
};

}  // namespace candor
