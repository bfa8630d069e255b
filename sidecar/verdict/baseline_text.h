// SPDX-License-Identifier: Apache-2.0
//
// The baseline as text, to outlive the process. Lines of words and numbers, pure values:
//   candor-baseline 2
//   rate <attempts per second>
//   share <detector> <n> <failed> <week n> <week failed>      one for every detector;
//                                                            of socket evidence where there was some
//   setup <bin>:<weight> ...                                  bins of evidence/age_bins.h, zeros left out
//   acknowledgement <bin>:<weight> ...
//   runs <length>:<weight> ...                               failures in a row; may be missing
//   media <kind> <n> <missing> <week n> <week missing>       kinds of evidence/media_kinds.h, where there was
//   media_time <kind> <bin>:<weight> ...                     some; may be missing
//   arrivals <gaps> <long ones> <excess> [<attempts per second> <seconds since the last>]
//                                                            of evidence/arrival_gaps.h; may be missing
//   ceased <seconds ago>:<expected attempts> ...             gaps that ended by themselves; may be missing
//   sessions <port> <n> <mean a> <mean b> <var a> <var b> <cov>
//                                                            of evidence/session_ratio.h, for each TCP port;
//                                                            may be missing
//   successes <n> <attempts> <seconds> <dispersion>          of evidence/baseline_successes.h; may be missing
//   lost <n> <attempts> <seconds> <dispersion> <lost a second> <dispersion of these>
//                                                            of evidence/lost_attempts.h; may be missing
//   alarm <...>                                              of saved_alarm.h, while one is in force
//   check <FNV-1a 64 of all bytes above, hexadecimal>
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evidence/arrival_gaps.h"
#include "evidence/baseline.h"
#include "evidence/failure_run_length.h"
#include "evidence/media_baseline.h"
#include "verdict/joins_detector.h"
#include "verdict/saved_alarm.h"
#include "verdict/socket_detectors.h"
#include "verdict/unanswered_detector.h"

namespace candor {

struct SavedBaseline {
  Baseline::State state;
  double per_second = 0;
  FailureRunLength::Seen runs{};
  std::optional<SavedAlarm> alarm{};
  SocketDetectors::Learned sockets{};
  MediaBaseline::State media{};
  ArrivalGaps::Saved arrivals{};
  std::vector<JoinsDetector::Saved> sessions{};
  UnansweredDetector::Learned unanswered{};
};

std::string ToText(const SavedBaseline& saved);
// Damaged text, or text of another kind or version, is an error that names the line.
Result<SavedBaseline> ParseBaseline(std::string_view text);

}  // namespace candor
