// SPDX-License-Identifier: Apache-2.0
#include "probe/maps/event_ring.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

candor_event Sample() {
  candor_event e{};
  e.kind = CANDOR_EVENT_FLOW;
  e.time_ns = 42;
  e.key.local_port = 7882;
  e.flow.phase = CANDOR_PHASE_ACTIVE;
  return e;
}

TEST(DecodeEvent, ARecordBecomesAnEvent) {
  const auto raw = Sample();
  const auto e = DecodeEvent(&raw, sizeof raw);
  ASSERT_TRUE(e) << e.error().message;
  EXPECT_EQ(e->at, TimeFromNanos(42));
  EXPECT_EQ(e->key.local_port, 7882);
  EXPECT_EQ(e->flow.phase, CANDOR_PHASE_ACTIVE);
}

TEST(DecodeEvent, AShortRecordIsRefused) {
  const auto raw = Sample();
  const auto e = DecodeEvent(&raw, sizeof raw - 1);
  ASSERT_FALSE(e);
  EXPECT_NE(e.error().message.find("expected " + std::to_string(sizeof raw)), std::string::npos);
}

TEST(DecodeEvent, AnUnknownKindIsRefused) {
  auto raw = Sample();
  raw.kind = 2;
  EXPECT_FALSE(DecodeEvent(&raw, sizeof raw));
}

TEST(DecodeEvent, APhaseOrWaitingSideWithoutANameIsRefused) {
  for (const auto change : {+[](candor_event* e) { e->flow.phase = CANDOR_PHASE_ACTIVE + 1; },
                            +[](candor_event* e) { e->flow.waiting_on = CANDOR_WAITING_ON_PATH + 1; },
                            +[](candor_event* e) { e->flow.ufrag_len = CANDOR_UFRAG_TEXT + 1; }}) {
    auto raw = Sample();
    EXPECT_TRUE(DecodeEvent(&raw, sizeof raw));
    change(&raw);
    EXPECT_FALSE(DecodeEvent(&raw, sizeof raw));
  }
}

TEST(EventRing, ADescriptorThatIsNoRingIsAnError) { EXPECT_FALSE(EventRing::Open(-1)); }

}  // namespace
}  // namespace candor
