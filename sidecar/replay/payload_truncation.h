// SPDX-License-Identifier: Apache-2.0
//
// Whether a capture's snap length left what is read of each UDP payload. Value type.
#pragma once

#include <cstdint>

#include "replay/layers/layer.h"

namespace candor {

struct PayloadTruncation {
  uint64_t enough = 0;  // STUN, DTLS, RTP and RTCP by their first byte, with all that is needed of them
  uint64_t cut = 0;     // of these kinds, with less
  uint64_t none = 0;    // of whatever kind: a payload on the wire, and not a byte of it captured

  // What was captured of one UDP payload.
  void Note(const Slice& payload);
  uint64_t Short() const { return cut + none; }
  // Of the packets that could tell anything, `share` or more are short.
  bool IsShort(double share) const {
    return Short() > 0 && static_cast<double>(Short()) >= share * static_cast<double>(Short() + enough);
  }
};

// How many bytes of a payload its kind needs, told by its first two (RFC 7983, RFC 5761): RTP's fixed header
// and eight bytes of RTCP (RFC 3550), a DTLS record's header with that of its handshake message (RFC 6347
// section 4), STUN's with USERNAME and a few attributes more. 0: no kind that is read. 128 captured bytes of
// a frame hold all of them, over IPv6 too.
uint32_t NeededOf(const Slice& payload);

}  // namespace candor
