// SPDX-License-Identifier: Apache-2.0
#include "serve/state_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candor {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

SavedState Example() {
  SavedState s;
  s.at = WallTime(1'780'402'215s + 7ns);
  s.boot = BootTime(5h + 3ns);
  s.boot_id = "one";
  s.sequence = 42;
  s.baseline = "candor-baseline 2\nrate 3\n";
  s.baseline_at = s.boot - 1min;
  s.overrides.drain = DrainOverride{"kernel update", "root (uid 0, pid 1)", s.boot - 2h};
  s.overrides.state_override =
      StateOverride{State::kFailing, "because", "ops (uid 7, pid 2)", s.boot, s.boot + 1h};
  Transition t;
  t.id = 9;
  t.kind = Transition::Kind::kOperator;
  t.at = s.at;
  t.sequence = 41;
  t.before = State::kBlind;
  t.state = State::kProbation;
  t.reason = "why";
  t.self = SelfAnswer::kDown;
  t.serving = true;
  t.action = "drain";
  t.by = "root";
  s.transitions = {t, t};
  return s;
}

TEST(StateFile, ComesBackAsItWas) {
  const SavedState before = Example();
  const auto back = DecodeState(EncodeState(before));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->at, before.at);
  EXPECT_EQ(back->boot, before.boot);
  EXPECT_EQ(back->boot_id, "one");
  EXPECT_EQ(back->sequence, 42u);
  EXPECT_EQ(back->baseline, before.baseline);
  EXPECT_EQ(back->baseline_at, before.baseline_at);
  EXPECT_EQ(back->overrides, before.overrides);
  ASSERT_EQ(back->transitions.size(), 2u);
  const Transition& t = back->transitions[0];
  EXPECT_EQ(t.id, 9u);
  EXPECT_EQ(t.kind, Transition::Kind::kOperator);
  EXPECT_EQ(t.before, State::kBlind);
  EXPECT_EQ(t.state, State::kProbation);
  EXPECT_EQ(t.self, SelfAnswer::kDown);
  EXPECT_EQ(t.action, "drain");
}

TEST(StateFile, EveryChangedByteIsNoticed) {
  const std::string good = EncodeState(Example());
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x20);
    EXPECT_FALSE(DecodeState(bad)) << i;
  }
}

TEST(StateFile, EveryCutIsNoticed) {
  const std::string good = EncodeState(Example());
  for (size_t n = 0; n < good.size(); ++n) EXPECT_FALSE(DecodeState(good.substr(0, n))) << n;
  EXPECT_FALSE(DecodeState(good + "x"));
}

TEST(StateFile, AnotherVersionIsNamed) {
  EXPECT_THAT(DecodeState("candor-state 2 0000000000000000 0\n").error().message,
              HasSubstr("it is of version 2; this candord reads version 1"));
  EXPECT_THAT(DecodeState("hello").error().message, HasSubstr("no state file of Candor"));
}

}  // namespace
}  // namespace candor
