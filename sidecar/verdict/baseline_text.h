// SPDX-License-Identifier: Apache-2.0
//
// The baseline as text, to outlive the process. Lines of words and numbers:
//   candor-baseline 1
//   rate <attempts per second>
//   share <channel> <n> <failed> <week n> <week failed>      one for every channel;
//                                                            of socket evidence where there was some
//   setup <bin>:<weight> ...                                  bins of evidence/age_bins.h, zeros left out
//   vouch <bin>:<weight> ...
//   rows <length>:<weight> ...                               of attempts that came to nothing; may be missing
//   media <kind> <n> <missing> <week n> <week missing>       kinds of evidence/media_kinds.h, where there was
//   media_time <kind> <bin>:<weight> ...                     some; may be missing
//   alarm <...>                                              of alarm_memory.h, while one is in force
//   check <FNV-1a 64 of all bytes above, hexadecimal>
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "evidence/baseline.h"
#include "evidence/media_shape.h"
#include "evidence/usual_row.h"
#include "verdict/alarm_memory.h"
#include "verdict/socket_tests.h"

namespace candor {

struct SavedBaseline {
  Baseline::State state;
  double per_second = 0;
  UsualRow::Seen rows{};
  std::optional<AlarmMemory> alarm{};
  SocketTests::Learned sockets{};
  MediaShape::State media{};
};

std::string ToText(const SavedBaseline& saved);
// Damaged, foreign or senseless text is an error that names the line.
Result<SavedBaseline> ParseBaseline(std::string_view text);

}  // namespace candor
