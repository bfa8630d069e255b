// SPDX-License-Identifier: Apache-2.0
//
// What the detectors found at one moment and why it matters, before hysteresis: the value between the
// judge's arithmetic and its sentences.
#pragma once

#include <optional>

#include "evidence/baseline_successes.h"
#include "evidence/contribution.h"

namespace candor {

// Why nothing can be said.
enum class UnknownCause : uint8_t { kNone, kNoEvidence, kTooLittle, kStale };

// kUnansweredIdle: nobody is answered, but the node was idle before: strangers who forge, or a frozen node.
// kReceiveDrops, kFailedSends: what its sockets lose. kFlood: clients that are not acknowledged while others
// come up as usual; kUnanswered: the same where that was not measured, or is not so. kRefusesAll: clients are
// refused as they used to be acknowledged. kUnexplained: a detector has fired and nothing above explains it.
// kMediaMissing: connections come up, and a kind of media that is usual no longer comes.
enum class Harm : uint8_t {
  kNone,
  kTooFewSources,
  kTrustedAlone,
  kSlowSetup,
  kMediaMissing,
  kFlood,
  kUnansweredIdle,
  kReceiveDrops,
  kFailedSends,
  kUnanswered,
  kRefusesAll,
  kUnexplained
};

// Whether packets leave the node's sockets: kYes within the last seconds; kNo while it is being asked, for
// longer than its usual silence.
enum class Sending : uint8_t { kUnknown, kYes, kNo };

// What the words of a verdict may claim.
struct Measurements {
  bool answered = false;  // the node has acknowledged somebody since it is watched
  Sending sending = Sending::kUnknown;
  bool active_recently = false;         // an attempt has become active within JudgeOptions::fresh
  bool usual_known = false;             // how many connections usually come up
  BaselineSuccesses::Recent successes;  // since attempts began to go unanswered
  uint64_t refused = 0;                 // attempts, since the acknowledgements began to fall
  int refused_networks = 0;             // client networks of these
  size_t usual_row = 0;                 // FailureRunLength::Longest()
};

// How precisely a detector knows who is at fault: the higher, the earlier it is named.
constexpr int Precision(Detector c) {
  switch (c) {
    case Detector::kFrozen:
      return 4;
    case Detector::kWaitingOnNode:
      return 3;
    case Detector::kNeverActiveAlive:
    case Detector::kNoRtpToSenders:
    case Detector::kNoDataToSenders:
      return 2;
    case Detector::kNeverActive:
    case Detector::kNoneActive:
      return 1;
    default:
      break;
  }
  return 0;
}

struct Findings {
  std::optional<Detector> alarm;               // fired and prevents
  bool deaf = false;                           // the alarm is kFrozen, and nothing says that it sends nothing
  bool doubt = false;                          // some preventing detector at h/2 or above
  Detector doubtful = Detector::kNeverActive;  // which
  Harm harm = Harm::kNone;
  Detector harmed = Detector::kNeverActive;  // whose evidence shows the harm
  Duration usual_time{};                     // of media: until it comes; of kSetupShift: the median
  double usual_missing = 0;                  // of kMediaMissing: the share that goes without; 0: not known
  Duration limit{};                          // of kSetupShift: what is slower is slow
  UnknownCause silence = UnknownCause::kNone;
  bool held = false;             // by the guards: from more networks it would be an alarm
  bool client_networks = false;  // a few networks fail by themselves while others succeed
  Measurements measured;
};

}  // namespace candor
