// SPDX-License-Identifier: Apache-2.0
//
// Counts UDP payloads that the snap length of a capture truncated before the end of what is read of them.
// Value type.
#pragma once

#include <cstdint>

#include "replay/layers/layer.h"

namespace candor {

struct PayloadTruncation {
  uint64_t complete = 0;  // STUN, DTLS, RTP and RTCP by their first byte, with all that is read of them
  uint64_t cut = 0;       // of these kinds, with less
  uint64_t none = 0;      // of any kind: a payload on the wire, no byte of it captured

  void Add(const Slice& payload);
  uint64_t Short() const { return cut + none; }
  // At least one payload, and at least `share` of all, is short.
  bool IsShort(double share) const {
    return Short() > 0 && static_cast<double>(Short()) >= share * static_cast<double>(Short() + complete);
  }
};

// The number of bytes that are read of a payload, by its kind (first two bytes, RFC 7983 and RFC 5761): 12 of
// RTP and 8 of RTCP (RFC 3550), 25 of DTLS (the headers of a record and of a handshake message, RFC 6347
// section 4), 60 of STUN (with USERNAME and some attributes). 0: no kind that is read. 128 captured bytes of
// a frame hold all of these, over IPv6 too.
uint32_t BytesNeeded(const Slice& payload);

}  // namespace candor
