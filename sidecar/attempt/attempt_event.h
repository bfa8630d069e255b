// SPDX-License-Identifier: Apache-2.0
//
// What the judge needs to know of an attempt (design.md "Words"): the border between the room that reads
// flows and the rooms that weigh evidence. A trace file (candorctl judge) says the same in JSON lines.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "flow/address.h"
#include "flow/flow.h"

namespace candor {

enum class Outcome : uint8_t {
  kPending,
  kActive,      // became active
  kStalled,     // deadline passed, the peer still sends (alive): a failure; `owed` says whose
  kLeft,        // deadline passed or known earlier: the peer fell silent with everything answered
  kRefused,     // the peer refused by alert, or the node by a 4xx: the client's doing
  kEarlyDrop,   // active, then the node fell silent within 30 s while the peer went on
  kUnanswered,  // credentialed checks the node never answered: not vouched, forgeable
  kReplaced,    // an ICE restart or a new owner of the 5-tuple took over: no evidence
};
std::string_view Name(Outcome o);  // "pending", "early_drop", ...

// The kinds of media that an attempt has carried so far, as bits. RTCP and DTLS handshake acknowledgements
// are reachability, not media, and set none of them. Bits are never taken back.
enum MediaBits : uint8_t {
  kRtpIn = 1,    // RTP or SRTP from the peer
  kRtpOut = 2,   // RTP or SRTP from the node
  kDataIn = 4,   // DTLS application data from the peer
  kDataOut = 8,  // DTLS application data from the node
};

struct AttemptEvent {
  enum class Kind : uint8_t {
    kOffered,  // first valid packet
    kVouched,  // the node acknowledged it: from now on it is real
    kActive,   // protected media or data both ways
    kOwed,     // a pending attempt's owed side (past the protocol's patience), aliveness or phase changed
    kMedia,    // a bit of `media` was set that was not set before
    kDead,     // active, then the node fell silent while the peer goes on (early drop)
    // Over; `outcome` says how. The last event of its id, except that a stalled one may become active late:
    // kActive (and kMedia) then follow, and the attempt counts as active from then on.
    kClosed,
  };
  Kind kind = Kind::kOffered;
  Time at{};
  uint64_t id = 0;  // unique within a source's life, > 0
  IpAddress peer{};
  Phase phase = Phase::kOffered;  // farthest phase so far
  Owed owed = Owed::kNone;        // only past the protocol's own patience (1 s); before it: kNone
  // Whether the peer still sends; nullopt: not known (traces without it).
  std::optional<bool> peer_alive;
  Outcome outcome = Outcome::kPending;  // on kClosed only
  uint8_t media = 0;                    // MediaBits so far; on every event
  bool media_told = true;               // false: the source cannot tell; a trace may leave it out
};

}  // namespace candor
