// SPDX-License-Identifier: Apache-2.0
// Calls whose peers say by RTCP whether they receive what the node sends.
#include "attempt/peer_reports.h"

#include <gtest/gtest.h>

#include "calls.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

// What kReported said, without repetitions.
std::vector<Received> Reported(const Scene& s) {
  std::vector<Received> out;
  for (const AttemptEvent& e : s.events()) {
    if (e.kind == Kind::kReported && (out.empty() || out.back() != e.received)) out.push_back(e.received);
  }
  return out;
}

Time OneWaySince(Scene& s) { return s.tracker().Flows(10).front().one_way_since; }

// A peer that reports every `every` seconds, on the port of RTCP or on that of RTP.
class Phone {
 public:
  explicit Phone(Call* call, double every = 5, bool mux = false)
      : call_(*call), every_(every), key_(mux ? call->key() : call->rtcp()) {}

  // Both sides send; the phone receives what the node sends, or nothing.
  void Talk(Scene& s, double seconds, bool receives, bool node_sends = true) {
    Go(s, seconds, [&] {
      call_.In(s);
      if (node_sends) call_.Out(s), received_ += receives ? 1 : 0;
      since_ += 0.2;
      if (since_ + 1e-9 >= every_) Report(s);
    });
  }

 private:
  void Report(Scene& s) {
    since_ = 0;
    s.Out(key_, SenderReport(2001, {}))
        .In(key_, received_ > told_ ? ReceiverReport(1001, {received_}) : ReceiverReport(1001, {}));
    told_ = received_;
  }

  Call& call_;
  double every_, since_ = 0;
  FlowKey key_;
  uint32_t received_ = 0, told_ = 0;
};

TEST(PeerReports, APeerThatReceivesSaysSo) {
  for (const bool mux : {false, true}) {
    Scene s;
    Call call(1);
    Phone(&call, 5, mux).Talk(s, 60, true);
    EXPECT_EQ(Reported(s), std::vector{Received::kMore}) << mux;
    EXPECT_EQ(OneWaySince(s), Time{});
  }
}

TEST(PeerReports, APeerThatReceivesNothingAnyMoreIsReportedAfterTwoReports) {
  for (const bool mux : {false, true}) {
    Scene s;
    Call call(1);
    Phone phone(&call, 5, mux);
    phone.Talk(s, 20, true);
    phone.Talk(s, 7, false);
    EXPECT_EQ(Reported(s), std::vector{Received::kMore}) << "one report is none: " << mux;
    phone.Talk(s, 6, false);
    EXPECT_EQ(Reported(s), (std::vector{Received::kMore, Received::kNothing})) << mux;
    EXPECT_NE(OneWaySince(s), Time{});
    phone.Talk(s, 12, true);
    EXPECT_EQ(Reported(s).back(), Received::kMore);
    EXPECT_EQ(OneWaySince(s), Time{});
    EXPECT_TRUE(s.counts().AddsUp());
  }
}

TEST(PeerReports, SoIsOneThatNeverReceivedAnything) {
  Scene s;
  Call call(1);
  Phone(&call).Talk(s, 20, false);
  EXPECT_EQ(Reported(s), std::vector{Received::kNothing});
}

TEST(PeerReports, ReportsThatAreHalfAMinuteApartTakeTwoOfThem) {
  Scene s;
  Call call(1);
  Phone phone(&call, 25);
  phone.Talk(s, 55, true);
  phone.Talk(s, 49, false);
  EXPECT_EQ(Reported(s).back(), Received::kMore);
  phone.Talk(s, 27, false);
  EXPECT_EQ(Reported(s).back(), Received::kNothing);
}

// Hold, voice activity detection, a listener of a room without a speaker: there is nothing to be received.
TEST(PeerReports, WhileTheNodeSendsNothingAReportOfNothingSaysNothing) {
  Scene s;
  Call call(1);
  Phone phone(&call);
  phone.Talk(s, 20, true);
  for (int i = 0; i < 6; ++i) {
    phone.Talk(s, 15, false, false);
    phone.Talk(s, 6, true);
  }
  EXPECT_EQ(Reported(s), std::vector{Received::kMore});
}

TEST(PeerReports, AfterAPauseOfTheNodeTheTimeBeginsAnew) {
  Scene s;
  Call call(1);
  Phone phone(&call);
  phone.Talk(s, 20, true);
  phone.Talk(s, 40, false, false);
  phone.Talk(s, 9, false);
  EXPECT_EQ(Reported(s), std::vector{Received::kMore});
  phone.Talk(s, 10, false);
  EXPECT_EQ(Reported(s).back(), Received::kNothing);
}

TEST(PeerReports, WhereReportsStopItIsNotKnownAnyMore) {
  Scene s;
  Call call(1);
  Phone phone(&call);
  phone.Talk(s, 20, false);
  ASSERT_EQ(Reported(s).back(), Received::kNothing);
  Go(s, 45, [&] { call.Both(s); });
  EXPECT_EQ(Reported(s).back(), Received::kUnknown);
  EXPECT_EQ(OneWaySince(s), Time{});
}

TEST(PeerReports, ACallWithoutReportsIsNotReported) {
  Scene s;
  Call call(1);
  Go(s, 60, [&] { call.Both(s); });
  EXPECT_EQ(s.Count(Kind::kReported), 0u);
}

}  // namespace
}  // namespace candor
