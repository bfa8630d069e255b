// SPDX-License-Identifier: Apache-2.0
//
// The flags of `candorctl judge` and `candorctl replay` that say what the node and its clients are; the
// settings of the same meaning are trusted_sources, nat64_prefixes and role. Pure. Tested in
// tests/cli/offline/replay_plan_test.cc.
#pragma once

#include <string>

#include "base/result.h"
#include "verdict/judge_options.h"

namespace candor::cli {

inline constexpr const char* kTrustedHelp =
    "networks where each attempt counts by itself, without the limit per network: ADDR|CIDR,...";
inline constexpr const char* kNat64Help =
    "IPv6 prefixes of NAT64 translators, whose clients count by the IPv4 address inside: CIDR,...";
inline constexpr const char* kRoleHelp =
    "what the media server does: learned, sfu, recorder, voicemail or relay";

struct JudgeFlags {
  std::string trusted;  // "" or ADDR|CIDR,...
  std::string nat64;    // "" or IPv6 CIDR,...
  std::string role;     // "": learned
};

// Into `options`; an error names the flag.
Result<void> ReadJudgeFlags(const JudgeFlags& flags, JudgeOptions* options);

}  // namespace candor::cli
