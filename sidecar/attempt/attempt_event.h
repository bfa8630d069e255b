// SPDX-License-Identifier: Apache-2.0
//
// The events of an attempt: the interface between the code that reads flows and the code that weighs
// evidence. A trace file (candorctl judge) holds the same as JSON lines. Plain values.
// Tested in tests/attempt/attempt_tracker_test.cc.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "flow/address.h"
#include "flow/flow.h"
#include "flow/lost_reason.h"

namespace candor {

enum class Outcome : uint8_t {
  kPending,
  kActive,      // became active
  kStalled,     // the deadline passed while the peer still sent: a failure; `waiting_on` names the side
  kLeft,        // the peer fell silent with everything answered
  kRefused,     // the peer refused by alert, or the node by a 4xx: caused by the client
  kEarlyDrop,   // active, then the node fell silent within 30 s while the peer went on
  kUnanswered,  // credentialed checks that the node never answered: not acknowledged, can be forged
  kReplaced,    // an ICE restart or a new attempt on the 5-tuple took its place: no evidence
};
std::string_view Name(Outcome o);  // "pending", "early_drop", ...

// The kinds of media that an attempt has carried so far, as bits; a bit that is set stays set. RTCP and DTLS
// handshake acknowledgements show reachability, not media, and set none.
enum MediaBits : uint8_t {
  kRtpIn = 1,    // RTP or SRTP from the peer
  kRtpOut = 2,   // RTP or SRTP from the node
  kDataIn = 4,   // DTLS application data from the peer
  kDataOut = 8,  // DTLS application data from the node
};

// How an attempt that has been active for long carries media.
enum class Service : uint8_t {
  kUnknown,     // both sides are silent, or it is not known yet
  kBothWays,    // the peer goes on, and the node has sent something lately
  kNodeSilent,  // the peer goes on at the rate of media, and the node has sent nothing for drop_silence
};

// What the peer of an active plain call says of the node's media in its RTCP (peer_reports.h).
enum class Received : uint8_t {
  kUnknown,  // no report since the last event, or the node has not sent steadily
  kMore,     // the peer has received more
  kNothing,  // the node has sent steadily, and for 8 s and more the peer has received nothing new
};

// The events of one attempt, in this order:
//
//   kOffered, [kAcknowledged], [kActive], then in any order and number kWaitingOn (while pending) and kMedia,
//   and last kDead or kClosed. kMedia may also come before kActive. kRunning and kReported come only between
//   kActive and the end.
//
// An attempt that was closed as stalled, left, refused or unanswered and then becomes active has further
// events: kActive, kMedia, and kDead or kClosed at its end. It counts as active from that kActive on.
//
// Events are sent only for attempts whose beginning was seen (attempt_options.h); for plain calls only once
// they are active or wait for the node's media (plain_calls.h).
struct AttemptEvent {
  enum class Kind : uint8_t {
    // `at` is the time of the first valid packet, which may be long before the event. A plain call that rang
    // for longer than media_timeout is offered when it is answered: its set-up time is 0.
    kOffered,
    kAcknowledged,  // the node answered it: from now on it is a real attempt
    // Protected media or data both ways; or a session that continues after an ICE restart (RFC 8445 section
    // 9): its checks are answered and no new handshake has begun. `media` then includes what it carried
    // before.
    kActive,
    kWaitingOn,  // of a pending attempt `waiting_on` (past the protocol's timeout), `peer_alive`, `phase`,
                 // `lost` or `at_socket` changed
    kMedia,      // a bit of `media` was set that no kOffered or kMedia has reported yet
    // Of one active for longer than `early`, at each look-up (some 5 s apart, with many open up to a minute):
    // `service`, where it is known or was.
    kRunning,
    // Of an active one, at look-ups: `received`, where it is not kUnknown, or was kNothing before.
    kReported,
    kDead,    // active, then the node fell silent while the peer goes on (early drop)
    kClosed,  // over, with `outcome`
  };
  Kind kind = Kind::kOffered;
  Time at{};
  uint64_t id = 0;  // unique for the tracker's lifetime; never 0
  IpAddress peer{};
  Phase phase = Phase::kOffered;            // farthest so far
  WaitingOn waiting_on = WaitingOn::kNone;  // the side that has to send next, past its timeout
  std::optional<bool> peer_alive;           // the peer still sends; nullopt: unknown (some traces)
  Outcome outcome = Outcome::kPending;      // on kClosed and kDead
  uint8_t media = 0;                        // MediaBits so far; on every event
  bool media_known = true;                  // false: the source does not report media (some traces)
  // Why it waits on the node, where that is because this node's kernel drops its packets; on every event.
  LostReason lost{};
  Service service = Service::kUnknown;     // on kRunning
  Time one_way_since{};                    // on kRunning with kNodeSilent: the node's last media
  Received received = Received::kUnknown;  // on kReported
  bool at_socket = true;                   // false: all packets of the peer were dropped before a socket
  uint32_t server = 0;  // as ServerOf (attempt_tracker.h) named it; of one attempt constant
};

using AttemptSink = std::function<void(const AttemptEvent&)>;

}  // namespace candor
