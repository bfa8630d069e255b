// SPDX-License-Identifier: Apache-2.0
#include "attempt/role.h"

#include <gtest/gtest.h>

#include "calls.h"

namespace candor {
namespace {

TEST(Role, EachNameIsReadBack) {
  for (const Role r : {Role::kLearned, Role::kSfu, Role::kRecorder, Role::kVoicemail, Role::kRelay})
    EXPECT_EQ(RoleNamed(Name(r)), r);
  EXPECT_EQ(RoleNamed("mixer"), std::nullopt);
}

// Where nothing is configured, a node that serves its calls and then serves none has failed.
uint64_t StalledAfterServing(Role role) {
  AttemptOptions options;
  options.role = role;
  Scene s(options);
  ServeCalls(s, 20);
  for (uint16_t i = 0; i < 4; ++i) {
    Call call(i);
    Go(s, 12, [&] { call.In(s); });
  }
  return s.counts().stalled[CANDOR_WAITING_ON_NODE];
}

TEST(Role, OnlyARecorderMayServeNoCallAtAll) {
  EXPECT_EQ(StalledAfterServing(Role::kLearned), 4u);
  EXPECT_EQ(StalledAfterServing(Role::kVoicemail), 4u) << "its greeting is due";
  EXPECT_EQ(StalledAfterServing(Role::kRelay), 4u);
  EXPECT_EQ(StalledAfterServing(Role::kRecorder), 0u);
}

// The node reports until its greeting is over; then it records, and reports no more.
uint64_t DropsAfterTheGreeting(Role role) {
  AttemptOptions options;
  options.role = role;
  Scene s(options);
  for (uint16_t i = 0; i < 4; ++i) {
    Call call(i);
    Go(s, 6, [&] { call.Both(s).Reports(s); });
    Go(s, 20, [&] { call.In(s); });
  }
  return s.counts().early_drop;
}

TEST(Role, AVoicemailFallsSilentToRecord) {
  EXPECT_EQ(DropsAfterTheGreeting(Role::kLearned), 4u);
  EXPECT_EQ(DropsAfterTheGreeting(Role::kVoicemail), 0u);
  EXPECT_EQ(DropsAfterTheGreeting(Role::kRecorder), 0u);
}

// Of a relay's calls nothing is owed to a leg for what other legs get.
TEST(Role, ARelayOwesWhatItsOtherSideSendsAndNoShareOfItsCalls) {
  for (const Role role : {Role::kLearned, Role::kRelay}) {
    AttemptOptions options;
    options.role = role;
    Scene s(options);
    ServeCalls(s, 60);
    for (uint16_t i = 0; i < 20; ++i) {
      Call nothing(static_cast<uint16_t>(2 * i)), served(static_cast<uint16_t>(2 * i + 1));
      Go(s, 11, [&] { nothing.In(s), served.Both(s); });
    }
    const uint64_t stalled = s.counts().stalled[CANDOR_WAITING_ON_NODE];
    EXPECT_EQ(stalled == 0, role == Role::kRelay) << stalled;
  }
}

}  // namespace
}  // namespace candor
