// SPDX-License-Identifier: Apache-2.0
//
// A capture may hold a packet twice: as the node sent it, and once more inside the mirror or the tunnel that
// carried it (a capture on every interface of a host with a VXLAN, two mirrors of one packet). The second one
// would look like a repetition. Only copies inside different things are told apart from repetitions: two of
// the same are two packets. Bounded: 64 Ki packets of the last second are remembered. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "replay/layers/decapsulate.h"

namespace candor {

class DuplicateFilter {
 public:
  static constexpr Duration kApart = std::chrono::seconds(1);  // a copy comes no later

  // Whether `packet`, which is of answer kIp, was there inside something else. Before the first packet that
  // is inside anything only some 256 are remembered: most captures have none.
  bool IsCopy(Time now, const Decapsulated& packet);

 private:
  struct Seen {
    uint64_t content = 0;  // a hash; 0: none
    uint64_t around = 0;   // a hash of what stood around it
    Time at{};
  };
  static constexpr size_t kPlaces = 65536, kPlacesBefore = 256;
  void Grow();

  std::vector<Seen> seen_;
};

}  // namespace candor
