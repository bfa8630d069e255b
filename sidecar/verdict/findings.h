// SPDX-License-Identifier: Apache-2.0
//
// What the channels found at one moment and why it matters, before hysteresis: the value between the
// judge's arithmetic and its sentences.
#pragma once

#include <optional>

#include "evidence/stance.h"

namespace candor {

// Why nothing can be said.
enum class Silence : uint8_t { kNone, kNoEvidence, kTooLittle, kStale };

// kUnansweredIdle: nobody is answered, but the node was idle before: strangers who forge, or a frozen node.
// kMediaMissing: connections come up, and a kind of media that is usual no longer comes.
// kReceiveDrops, kFailedSends: what its sockets lose.
enum class Harm : uint8_t {
  kNone,
  kTooFewSources,
  kTrustedAlone,
  kSlowSetup,
  kMediaMissing,
  kFlood,
  kUnansweredIdle,
  kReceiveDrops,
  kFailedSends
};

// How precisely a channel knows who is at fault: the higher, the earlier it is named.
constexpr int Precision(Channel c) {
  switch (c) {
    case Channel::kFrozen:
      return 4;
    case Channel::kNodeOwed:
      return 3;
    case Channel::kNeverActiveAlive:
    case Channel::kNoRtpToSenders:
    case Channel::kNoDataToSenders:
      return 2;
    case Channel::kNeverActive:
    case Channel::kNoneActive:
      return 1;
    default:
      break;
  }
  return 0;
}

struct Findings {
  std::optional<Channel> alarm;              // fired and prevents
  bool deaf = false;                         // the alarm is kFrozen although the node still sends to others
  bool doubt = false;                        // some preventing channel at h/2 or above
  Channel doubtful = Channel::kNeverActive;  // which
  Harm harm = Harm::kNone;
  Channel harmed = Channel::kNeverActive;  // whose evidence shows the harm
  Duration usual_time{};                   // of media: until it comes; of kSetupShift: the median
  double usual_missing = 0;                // of kMediaMissing: the share that goes without; 0: not known
  Duration limit{};                        // of kSetupShift: what is slower is slow
  Silence silence = Silence::kNone;
  bool client_networks = false;  // a few networks fail by themselves
};

}  // namespace candor
