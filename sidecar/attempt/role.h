// SPDX-License-Identifier: Apache-2.0
//
// What the media server does, where the wire cannot tell: which silence is normal there. Set by the operator
// (setting `role`, --role); sidecar/verdict/README.md says what each role changes. Constants.
// Tested in tests/attempt/role_test.cc.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace candor {

enum class Role : uint8_t {
  kLearned,    // learned from the traffic
  kSfu,        // forwards media between its clients
  kRecorder,   // receives only
  kVoicemail,  // plays and receives, one at a time
  kRelay,      // TURN, or an RTP proxy: sends what its other side sends
};

// In the order of Role.
inline constexpr std::array<std::string_view, 5> kRoleNames = {"learned", "sfu", "recorder", "voicemail",
                                                               "relay"};
inline constexpr std::string_view kRoleChoices = "learned | sfu | recorder | voicemail | relay";

constexpr std::string_view Name(Role r) { return kRoleNames.at(static_cast<size_t>(r)); }
constexpr std::optional<Role> RoleNamed(std::string_view name) {
  for (size_t i = 0; i < kRoleNames.size(); ++i) {
    if (kRoleNames[i] == name) return static_cast<Role>(i);
  }
  return std::nullopt;
}

}  // namespace candor
