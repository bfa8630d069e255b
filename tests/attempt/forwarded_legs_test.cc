// SPDX-License-Identifier: Apache-2.0
// Calls with two legs at the node, and RTP that is forwarded with its SSRC.
#include "attempt/forwarded_legs.h"

#include <gtest/gtest.h>

#include "calls.h"

namespace candor {
namespace {

// Parties A and B; each sends with an SSRC of its own, and the node forwards it to the other.
class Forwarded {
 public:
  explicit Forwarded(uint16_t n)
      : a_(KeyOf("192.0.2.1", static_cast<uint16_t>(20000 + 4 * n), "198.51.100.7", 40000)),
        b_(KeyOf("192.0.2.1", static_cast<uint16_t>(20002 + 4 * n), "203.0.113.9", 50000)),
        ssrc_(7000u + 10 * n) {}

  Forwarded& FromA(Scene& s) { return s.In(a_, Rtp(ssrc_, ++from_a_)), *this; }
  Forwarded& ToB(Scene& s) { return s.Out(b_, Rtp(ssrc_, from_a_)), *this; }
  Forwarded& FromB(Scene& s) { return s.In(b_, Rtp(ssrc_ + 1, ++from_b_)), *this; }
  Forwarded& ToA(Scene& s) { return s.Out(a_, Rtp(ssrc_ + 1, from_b_)), *this; }
  Forwarded& Reports(Scene& s) { return s.Out(a_, Rtcp(1)).In(a_, Rtcp(ssrc_)), *this; }

  AttemptView A(const Scene& s) const { return s.Find(std::to_string(a_.local_port)); }
  AttemptView B(const Scene& s) const { return s.Find(std::to_string(b_.local_port)); }

 private:
  FlowKey a_, b_;
  uint32_t ssrc_;
  uint16_t from_a_ = 0, from_b_ = 0;
};

bool Acknowledged(const Scene& s, uint64_t id) {
  for (const AttemptEvent& e : s.events()) {
    if (e.id == id && e.kind == AttemptEvent::Kind::kAcknowledged) return true;
  }
  return false;
}

// Nothing has been learned: the first call of the node shows it.
TEST(ForwardedLegs, ACallerWhoIsForwardedAndHearsNothingOfTheOtherWaitsOnTheNode) {
  Scene s;
  Forwarded call(1);
  Go(s, 5, [&] { call.FromA(s).ToB(s).FromB(s); });
  EXPECT_EQ(call.A(s).waiting_on, WaitingOn::kNode);
  EXPECT_TRUE(Acknowledged(s, call.A(s).id)) << "its media is forwarded: it is no stranger";
  EXPECT_EQ(call.B(s).outcome, Outcome::kActive);
}

TEST(ForwardedLegs, OtherCallsThatAreServedDoNotExcuseIt) {
  Scene s;
  ServeCalls(s, 30);
  Forwarded mute(1), served(2);
  Go(s, 12, [&] {
    mute.FromA(s).ToB(s).FromB(s);
    served.FromA(s).ToB(s).FromB(s).ToA(s);
  });
  EXPECT_EQ(mute.A(s).outcome, Outcome::kStalled);
  EXPECT_EQ(served.A(s).outcome, Outcome::kActive);
}

TEST(ForwardedLegs, AnOtherPartyWhoSendsNothingOwesIt) {
  Scene s;
  ServeCalls(s, 30);
  for (uint16_t n = 0; n < 20; ++n) {
    Forwarded call(n);
    Go(s, 12, [&] { call.FromA(s).ToB(s); });
    EXPECT_EQ(call.A(s).waiting_on, WaitingOn::kNone);
  }
  EXPECT_EQ(s.counts().stalled[CANDOR_WAITING_ON_NODE], 0u);
}

TEST(ForwardedLegs, AnOtherPartyThatSendsOnlyNowAndThenOwesIt) {
  Scene s;
  Forwarded call(1);
  for (int i = 0; i < 12; ++i) {
    call.FromB(s);
    Go(s, 1, [&] { call.FromA(s).ToB(s); });
  }
  EXPECT_EQ(call.A(s).waiting_on, WaitingOn::kNone);
}

TEST(ForwardedLegs, MediaThatIsNotForwardedIsNoCall) {
  Scene s;
  Forwarded call(1);
  Go(s, 12, [&] { call.FromA(s).FromB(s); });
  EXPECT_EQ(call.A(s).waiting_on, WaitingOn::kNone);
  EXPECT_EQ(s.Count(AttemptEvent::Kind::kAcknowledged), 0u);
}

// A call that has one RTP stream in, or out.
Attempt Leg(uint64_t id, candor_dir direction, uint32_t ssrc) {
  const uint64_t now = 1'000'000'000;
  FlowState s{};
  s.flags = direction == CANDOR_IN ? CANDOR_F_RTP_IN : CANDOR_F_RTP_OUT;
  s.ssrc[direction] = ssrc;
  s.media_packets[direction] = 9;
  s.first_ns = s.last_media_in_ns = s.last_media_out_ns = now;
  const FlowKey key = KeyOf("192.0.2.1", static_cast<uint16_t>(30000 + id), "198.51.100.9", 5004);
  Attempt a(id, key, s, TimeFromNanos(now));
  a.Update(key, s);
  return a;
}

TEST(ForwardedLegs, AnSsrcThatIsForwardedNoMorePairsNothing) {
  ForwardedLegs legs;
  const Attempt a = Leg(1, CANDOR_IN, 70);
  legs.Learn(a);
  legs.Learn(Leg(2, CANDOR_OUT, 70));
  EXPECT_TRUE(legs.OtherIsSilent(a));
  for (uint32_t ssrc = 80; ssrc < 83; ++ssrc) legs.Learn(Leg(2, CANDOR_OUT, ssrc));
  EXPECT_TRUE(legs.OtherIsSilent(a)) << "sound and pictures take turns";
  legs.Learn(Leg(2, CANDOR_OUT, 83));
  EXPECT_FALSE(legs.OtherIsSilent(a));
  // Another leg that has it then is its other one, and its end ends that.
  legs.Learn(Leg(3, CANDOR_OUT, 70));
  EXPECT_TRUE(legs.OtherIsSilent(a));
  legs.Forget(3);
  EXPECT_FALSE(legs.OtherIsSilent(a));
}

TEST(ForwardedLegs, ACallThatIsActiveByItsReportsAloneDropsEarly) {
  Scene s;
  Forwarded call(1);
  Go(s, 8, [&] { call.FromA(s).ToB(s).FromB(s).Reports(s); });
  EXPECT_EQ(call.A(s).outcome, Outcome::kEarlyDrop);
}

TEST(ForwardedLegs, ARecorderIsNotWaitedForByItsRole) {
  AttemptOptions options;
  options.role = Role::kRecorder;
  Scene s(options);
  Forwarded call(1);
  Go(s, 12, [&] { call.FromA(s).ToB(s).FromB(s); });
  EXPECT_EQ(call.A(s).waiting_on, WaitingOn::kNone);
}

}  // namespace
}  // namespace candor
