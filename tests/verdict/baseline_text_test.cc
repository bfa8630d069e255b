// SPDX-License-Identifier: Apache-2.0
#include "verdict/baseline_text.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

SavedBaseline Sample() {
  SavedBaseline s;
  s.per_second = 4.25;
  for (size_t i = 0; i < kDetectors; ++i) s.state.shares[i] = {100.5, 3.25, 1000, 30};
  s.state.setup[7] = 1.5;
  s.state.acknowledgement[kAgeBins - 1] = 2;
  s.runs[5] = 1.75;
  return s;
}

TEST(BaselineText, ComesBackAsItWas) {
  const auto back = ParseBaseline(ToText(Sample()));
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(back->per_second, 4.25);
  EXPECT_EQ(back->state.shares[5].failed, 3.25);
  EXPECT_EQ(back->state.setup[7], 1.5);
  EXPECT_EQ(back->runs[5], 1.75);
  EXPECT_EQ(ToText(*back), ToText(Sample()));
}

constexpr std::string_view kWithoutRuns =
    "candor-baseline 2\nrate 4.25\nshare waiting_on_node 100 3 1000 30\nshare never_active_alive 100 3 1000 "
    "30\n"
    "share never_active 100 3 1000 30\nshare early_drop 100 3 1000 30\nshare slow_setup 100 3 1000 30\n"
    "share frozen 100 3 1000 30\nshare none_active 100 3 1000 30\nsetup 7:1.5\nacknowledgement 104:2\n"
    "check 088883f867281eb2\n";

TEST(BaselineText, OneWithoutRunsIsReadAsOneThatHasSeenNone) {
  const auto back = ParseBaseline(kWithoutRuns);
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(back->state.setup[7], 1.5);
  for (const double n : back->runs) EXPECT_EQ(n, 0);
}

TEST(BaselineText, SocketEvidenceIsThereWhereItWasLearnedAndNotMissedElsewhere) {
  SavedBaseline s = Sample();
  EXPECT_EQ(ToText(s).find("receive_drops"), std::string::npos);
  s.sockets[0] = {3000, 12, 9000, 30};
  s.sockets[1] = {2000, 0, 8000, 1};
  const auto back = ParseBaseline(ToText(s));
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(back->sockets[0].failed, 12);
  EXPECT_EQ(back->sockets[1].week_n, 8000);
  s.sockets[1].failed = 2001;
  EXPECT_FALSE(ParseBaseline(ToText(s)).has_value()) << "more bad seconds than seconds";
}

TEST(BaselineText, ShapesOfMediaAreThereWhereTheyWereLearnedAndNotMissedElsewhere) {
  SavedBaseline s = Sample();
  EXPECT_EQ(ToText(s).find("media"), std::string::npos);
  s.media[Index(MediaKind::kRtpToSenders)] = {{3000, 12, 9000, 30}, {}};
  s.media[Index(MediaKind::kRtpToSenders)].times[4] = 2.5;
  s.media[Index(MediaKind::kDataIn)].missing = {2000, 1900, 8000, 7000};
  const auto back = ParseBaseline(ToText(s));
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(back->media[Index(MediaKind::kRtpToSenders)].missing.failed, 12);
  EXPECT_EQ(back->media[Index(MediaKind::kRtpToSenders)].times[4], 2.5);
  EXPECT_EQ(back->media[Index(MediaKind::kDataIn)].missing.week_failed, 7000);
  EXPECT_EQ(ToText(*back), ToText(s));
  s.media[Index(MediaKind::kDataIn)].missing.failed = 2001;
  EXPECT_FALSE(ParseBaseline(ToText(s)).has_value()) << "more without than there were";
}

TEST(BaselineText, ArrivalsAndSessionsComeBackAsTheyWere) {
  SavedBaseline s = Sample();
  s.arrivals = {100, 14, 16.5, {{std::chrono::hours(20), 40}}, 3.25, std::chrono::seconds(2)};
  s.sessions = {{8188, {60, 31.5, 30, 29, 33, 28}}, {443, {12, 2, 1, 0.5, 0.5, 0}}};
  const auto back = ParseBaseline(ToText(s));
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(back->arrivals.per_second, 3.25);
  EXPECT_EQ(back->arrivals.since_last, std::chrono::seconds(2));
  EXPECT_EQ(back->arrivals.past.size(), 1u);
  ASSERT_EQ(back->sessions.size(), 2u);
  EXPECT_EQ(back->sessions[0].port, 8188);
  EXPECT_EQ(back->sessions[0].sums.cov, 28);
  EXPECT_EQ(ToText(*back), ToText(s));
}

TEST(BaselineText, ArrivalsWithoutARateAreOfAnOlderVersion) {
  SavedBaseline s = Sample();
  s.arrivals = {100, 14, 16.5, {}, 0, {}};
  EXPECT_NE(ToText(s).find("arrivals 100 14 16.5\n"), std::string::npos);
  const auto back = ParseBaseline(ToText(s));
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(back->arrivals.gaps, 100);
  EXPECT_EQ(back->arrivals.per_second, 0);
}

TEST(BaselineText, SessionsThatNoNumbersHaveAreRefused) {
  SavedBaseline s = Sample();
  s.sessions = {{8188, {60, 31.5, 30, 29, 33, 99}}};
  EXPECT_FALSE(ParseBaseline(ToText(s)).has_value());
  s.sessions = std::vector<JoinsDetector::Saved>(100, {8188, {60, 31.5, 30, 29, 33, 28}});
  EXPECT_FALSE(ParseBaseline(ToText(s)).has_value()) << "more ports than are kept";
}

TEST(BaselineText, SuccessesAndLostAttemptsComeBackAsTheyWere) {
  SavedBaseline s = Sample();
  s.unanswered.successes = BaselineSuccesses::Learned{540, 560, 180, 1.25};
  s.unanswered.lost = LostAttempts::Learned{{500, 590, 200, 1}, 0.25, 3};
  const auto back = ParseBaseline(ToText(s));
  ASSERT_TRUE(back.has_value()) << back.error().message;
  ASSERT_TRUE(back->unanswered.successes && back->unanswered.lost);
  EXPECT_EQ(back->unanswered.successes->offered, 560);
  EXPECT_EQ(back->unanswered.successes->dispersion, 1.25);
  EXPECT_EQ(back->unanswered.lost->successes.successes, 500);
  EXPECT_EQ(back->unanswered.lost->per_second, 0.25);
  EXPECT_EQ(ToText(*back), ToText(s));
  s.unanswered.successes->successes = 1e12;
  EXPECT_FALSE(ParseBaseline(ToText(s)).has_value()) << "more than a node can have in that time";
  s.unanswered.successes->successes = 540;
  s.unanswered.lost->per_second = 1e12;
  EXPECT_FALSE(ParseBaseline(ToText(s)).has_value());
}

TEST(BaselineText, SuccessesAndLostAttemptsThatAnOlderVersionDidNotSaveAreNotKnown) {
  const std::string text = ToText(Sample());
  EXPECT_EQ(text.find("successes"), std::string::npos);
  EXPECT_EQ(text.find("lost"), std::string::npos);
  const auto back = ParseBaseline(text);
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_FALSE(back->unanswered.successes.has_value());
  EXPECT_FALSE(back->unanswered.lost.has_value());
  // So strangers that a firewall drops are soon usual, as without a saved baseline.
  for (const bool saved : {false, true}) {
    const SequentialTest frozen(Detector::kFrozen, SeverityLadder(0.10), 1);
    UnansweredDetector d;
    UnansweredDetector::Learned l = back->unanswered;
    if (saved) l.lost = LostAttempts::Learned{{180, 180, 180, 1}, 0, 1};
    d.Restore(l, std::chrono::seconds(20));
    AttemptRecord dropped, served;
    dropped.at_socket = false, dropped.counted_if_offered = true;
    served.at_socket = served.counted_if_offered = true;
    for (int second = 1; second <= 60; ++second) {
      dropped.start = served.start = Time(std::chrono::seconds(second));
      d.Offered(dropped);
      d.Offered(served);
      d.Acknowledged(served, served.start);
      d.Advance(dropped.start, frozen, false);
    }
    EXPECT_EQ(d.Save().lost->per_second > 0.3, !saved) << d.Save().lost->per_second;
  }
}

TEST(BaselineText, EveryFlippedByteAndEveryCutIsNoticed) {
  const std::string text = ToText(Sample());
  for (size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_FALSE(ParseBaseline(damaged).has_value()) << i;
    EXPECT_FALSE(ParseBaseline(text.substr(0, i)).has_value()) << i;
  }
}

TEST(BaselineText, SenselessFiguresAreRefusedEvenWithTheRightChecksum) {
  SavedBaseline s = Sample();
  s.state.shares[0].failed = 1000;  // more failures than attempts
  const auto back = ParseBaseline(ToText(s));
  ASSERT_FALSE(back.has_value());
  EXPECT_NE(back.error().message.find("line 3"), std::string::npos) << back.error().message;
}

TEST(BaselineText, AnAlarmInForceComesBackAsItWas) {
  SavedBaseline s = Sample();
  s.alarm.emplace();
  s.alarm->health = {State::kProbation, std::chrono::seconds(5), std::chrono::seconds(40),
                     std::chrono::seconds(300), 2};
  s.alarm->detector = Detector::kFrozen;
  s.alarm->by_ack_rate = true;
  s.alarm->sending = Sending::kYes;
  s.alarm->figures.severity = 0.97;
  s.alarm->figures.failed = 12;
  s.alarm->figures.waiting_on = {1, 2, 3, 4};
  s.alarm->figures.stuck_phase = Phase::kNominated;
  s.alarm->figures.cause = {"dropped_netfilter_out", true, "It drops 100 % of them.", "", {}};
  const auto back = ParseBaseline(ToText(s));
  ASSERT_TRUE(back.has_value()) << back.error().message;
  ASSERT_TRUE(back->alarm);
  EXPECT_EQ(back->alarm->health.state, State::kProbation);
  EXPECT_EQ(back->alarm->sending, Sending::kYes);
  EXPECT_EQ(back->alarm->health.hold, std::chrono::seconds(300));
  EXPECT_EQ(back->alarm->health.failed_probations, 2);
  EXPECT_TRUE(back->alarm->by_ack_rate);
  EXPECT_EQ(back->alarm->figures.waiting_on[3], 4u);
  EXPECT_EQ(back->alarm->figures.stuck_phase, Phase::kNominated);
  EXPECT_EQ(back->alarm->figures.cause.code, "dropped_netfilter_out");
  EXPECT_TRUE(back->alarm->figures.cause.measured);
  EXPECT_EQ(back->alarm->figures.cause.text, "It drops 100 % of them.");
  EXPECT_EQ(ToText(*back), ToText(s));
}

TEST(BaselineText, AnAlarmThatMakesNoSenseIsRefused) {
  const auto words = [](std::string_view severity, std::string_view state, std::string_view phase) {
    return std::vector<std::string_view>{"alarm", state, "frozen", "0", severity, "9",  "8",
                                         "0.1",   "5",   "5",      "4", "6",      "0",  "5",
                                         "0",     "0",   phase,    "3", "1",      "30", "0"};
  };
  EXPECT_TRUE(ParseAlarm(words("0.9", "FAILING", "2")));
  EXPECT_FALSE(ParseAlarm(words("1.5", "FAILING", "2")));
  EXPECT_FALSE(ParseAlarm(words("-1", "FAILING", "2")));
  EXPECT_FALSE(ParseAlarm(words("nan", "FAILING", "2")));
  EXPECT_FALSE(ParseAlarm(words("0.9", "HEALTHY", "2")));
  EXPECT_FALSE(ParseAlarm(words("0.9", "FAILING", "9")));
  EXPECT_FALSE(ParseAlarm({"alarm", "FAILING"}));
}

}  // namespace
}  // namespace candor
