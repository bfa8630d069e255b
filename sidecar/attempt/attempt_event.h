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
  kStalled,     // deadline passed, the peer still sends (alive): a failure; `waiting_on` says whose
  kLeft,        // deadline passed or known earlier: the peer fell silent with everything answered
  kRefused,     // the peer refused by alert, or the node by a 4xx: the client's doing
  kEarlyDrop,   // active, then the node fell silent within 30 s while the peer went on
  kUnanswered,  // credentialed checks the node never answered: not acknowledged, forgeable
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

// What is reported_phase of one attempt, in this order:
//
//   kOffered, [kAcknowledged], [kActive], then in any order and number kWaitingOn (while pending) and kMedia,
//   and last kDead or kClosed. kMedia may also come before kActive.
//
// An attempt that was closed as stalled, left, refused or unanswered and becomes active after all is
// reported_phase of again: kActive, kMedia, and kDead or kClosed at its end. It counts as active from that
// kActive on.
//
// Told of are only attempts that were seen to begin (attempt_tracker.h); of plain calls only those that
// became active or that the node owes media (plain_calls.h).
struct AttemptEvent {
  enum class Kind : uint8_t {
    // First valid packet: `at` is its time, which may be long before the event. A plain call that rang for
    // longer than media_timeout is offered when it is answered: its set-up time is 0.
    kOffered,
    kAcknowledged,  // the node acknowledged it: from now on it is real
    // Protected media or data both ways; or a session that goes on after an ICE restart (RFC 8445 section 9):
    // its checks are answered and no handshake has begun anew. `media` then holds what it carried before.
    kActive,
    kWaitingOn,  // a pending attempt's waiting_on side (past the protocol's response_timeout), aliveness or
                 // phase changed
    kMedia,      // a bit of `media` was set that neither kOffered nor an earlier kMedia has reported_phase
    kDead,       // active, then the node fell silent while the peer goes on (early drop)
    kClosed,     // over; `outcome` says how
  };
  Kind kind = Kind::kOffered;
  Time at{};
  uint64_t id = 0;  // unique for the tracker's lifetime; never 0
  IpAddress peer{};
  Phase phase = Phase::kOffered;            // farthest so far
  WaitingOn waiting_on = WaitingOn::kNone;  // who owes the next packet, past response_timeout
  // Whether the peer still sends; nullopt: not known (traces without it).
  std::optional<bool> peer_alive;
  Outcome outcome = Outcome::kPending;  // on kClosed and kDead
  uint8_t media = 0;                    // MediaBits so far; on every event
  bool media_known = true;              // false: the source cannot tell; a trace may leave it out
};

}  // namespace candor
