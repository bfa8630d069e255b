// SPDX-License-Identifier: Apache-2.0
//
// What the detectors found at one moment, before hysteresis: the value between the arithmetic and the
// sentences.
// Tested in tests/verdict/explain_test.cc.
#pragma once

#include <optional>
#include <string>

#include "evidence/arrival_gaps.h"
#include "evidence/baseline_successes.h"
#include "evidence/contribution.h"
#include "verdict/joins_detector.h"
#include "verdict/reported_joins_detector.h"

namespace candor {

// Why the state is UNKNOWN.
enum class UnknownCause : uint8_t { kNone, kNoEvidence, kTooLittle, kStale, kCeased };

enum class Harm : uint8_t {
  kNone,
  kTooFewSources,
  kTrustedAlone,
  kSlowSetup,
  kCallsMuted,        // calls run, and the node falls silent to many of them
  kMediaNotReceived,  // calls run, and what the node sends does not arrive
  kMediaMissing,      // connections come up, and a kind of media that is usual does not come
  kFlood,             // attempts are not acknowledged while others come up at their baseline rate
  kUnansweredIdle,  // no attempt is acknowledged, but the node was idle before: forged attempts, or a frozen
                    // node
  kReceiveDrops,
  kFailedSends,
  kUnanswered,         // as kFlood, where the baseline is not known or not met
  kRefusesAll,         // clients are refused at the rate at which they used to be acknowledged
  kPartlyUnanswered,   // a share of attempts is not acknowledged, and the successes fell by about that share
  kJoinsWithoutMedia,  // sessions are accepted as usual, and the attempts that they bring stay away
  kLocalFault,         // a local fault beside attempts that stay away or get no answer at all
  kUnexplained,        // a detector has fired and nothing above explains it
};

// Whether packets leave the node's sockets: kYes within the last seconds; kNo while packets arrive, for
// longer than the node's usual silence.
enum class Sending : uint8_t { kUnknown, kYes, kNo };

// What the sentences of a verdict may claim.
struct Measurements {
  bool answered = false;  // the node has acknowledged an attempt since it is observed
  Sending sending = Sending::kUnknown;
  bool active_recently = false;         // an attempt has become active within JudgeOptions::fresh
  bool usual_known = false;             // the baseline of successes
  BaselineSuccesses::Recent successes;  // since attempts began to go unanswered
  uint64_t familiar = 0;           // unanswered attempts of addresses that came up before; 0: too few to tell
  uint64_t refused = 0;            // attempts, since the acknowledgements began to fall
  int refused_networks = 0;        // client networks of these
  size_t longest_failure_run = 0;  // FailureRunLength::Longest()
  ArrivalGap arrivals;
  JoinEvidence joins;
  ReportedJoinEvidence reported;
  std::string local_fault;  // LocalFault::text; empty: none is known
  bool unanswered = false;  // packets reach the node's sockets, and none at all leaves them
};

// How precisely a detector names the cause: the most precise one that fired is the reason.
constexpr int Precision(Detector d) {
  using enum Detector;
  if (d == kFrozen) return 4;
  if (d == kWaitingOnNode) return 3;
  if (d == kNeverActiveAlive || d == kNoRtpToSenders || d == kNoDataToSenders || d == kCallsMuted ||
      d == kMediaNotReceived)
    return 2;
  return d == kNeverActive || d == kNoneActive ? 1 : 0;
}

struct Findings {
  std::optional<Detector> alarm;  // fired and prevents
  bool by_ack_rate = false;       // kFrozen by the rate of acknowledgements alone: it may still send
  bool partly = false;            // kFrozen by a share of attempts, and the fall of successes
  bool joins = false;             // kNoneActive by joins_without_media
  bool fault = false;             // kNoneActive by a local fault
  bool doubt = false;             // a preventing detector is at h/2 or above
  Detector doubtful = Detector::kNeverActive;  // which
  Harm harm = Harm::kNone;
  Detector harmed = Detector::kNeverActive;  // whose evidence shows the harm
  Duration usual_time{};                     // of media: until it comes; of kSetupShift: the median
  double usual_missing = 0;                  // of kMediaMissing: the baseline share without it; 0: not known
  uint64_t muted = 0, running = 0;           // of kCallsMuted: calls of the last minute
  uint64_t unheard = 0, reporting = 0;       // of kMediaNotReceived: calls of the last 30 s
  Duration limit{};                          // of kSetupShift: what is slower is slow
  UnknownCause unknown_cause = UnknownCause::kNone;
  bool held = false;             // by the guards: from more networks it would be an alarm
  bool client_networks = false;  // a few networks fail by themselves while others succeed
  Measurements measured;
};

}  // namespace candor
