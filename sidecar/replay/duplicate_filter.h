// SPDX-License-Identifier: Apache-2.0
//
// Finds the second copy of a packet that a capture holds twice: as the node sent it, and encapsulated by a
// mirror or a tunnel (a capture on every interface of a host with a VXLAN, two mirrors of one packet).
// Counted twice, it would look like a retransmission. Two packets in the same encapsulation are
// retransmissions; two in different ones are copies. Bounded: 65,536 packets of the last second. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "replay/layers/decapsulate.h"

namespace candor {

class DuplicateFilter {
 public:
  static constexpr Duration kMaxDelay = std::chrono::seconds(1);  // of a copy after its original

  // Whether `packet` (FrameContent::kIp) came within kMaxDelay before, in a different encapsulation. Until
  // the first encapsulated packet 256 packets are kept instead of 65,536: most captures have none.
  bool IsCopy(Time now, const Decapsulated& packet);

 private:
  struct Seen {
    uint64_t content = 0;        // a hash; 0: none
    uint64_t encapsulation = 0;  // a hash
    Time at{};
  };
  static constexpr size_t kSlots = 65536, kSlotsBefore = 256;
  void Grow();

  std::vector<Seen> seen_;
};

}  // namespace candor
