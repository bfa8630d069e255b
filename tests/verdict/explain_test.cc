// SPDX-License-Identifier: Apache-2.0
//
// The whole text of the sentences.
#include "verdict/explain.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

Verdict Alarm() {
  Verdict v;
  v.state = State::kFailing;
  v.failed = v.counted = 9;
  v.networks = 4;
  v.window = std::chrono::milliseconds(3200);
  v.baseline_failure_rate = 0.015;
  v.score = 15.62;
  v.threshold = 13.11;
  return v;
}

Findings Fired(Detector c) {
  Findings f;
  f.alarm = c;
  return f;
}

TEST(Explain, AFrozenNodeInWordsForThreeInTheMorning) {
  Verdict v = Alarm();
  Explain(Fired(Detector::kFrozen), &v);
  EXPECT_EQ(v.reason, "frozen");
  EXPECT_EQ(
      v.detail,
      "The media server has gone silent: clients send to it and nothing at all comes back. 9 of 9 new "
      "connections within 3.2 s, from 4 client networks, got no answer. Usually at most 1 in 66 fail so "
      "(evidence 15.6, alarm at 13.1).");
  EXPECT_EQ(
      v.remediation,
      "Take the node out now. A frozen process looks like this, and so do blocked sockets or a firewall on "
      "its "
      "way out. If you can spare a minute, save a stack trace first; then restart it. It is let back in by "
      "itself once new connections come up.");
}

// Other packets are mentioned only where they were measured, and a process that still sends is not called
// frozen.
TEST(Explain, OfANodeThatAcknowledgesNoneOnlyWhatWasMeasuredOfItsOtherPackets) {
  struct Row {
    Sending sending;
    const char* says;
  };
  for (const Row& row :
       {Row{Sending::kYes, " Other packets still leave it, so not all of it has stopped."},
        Row{Sending::kNo, " Nothing else leaves it either."},
        Row{Sending::kUnknown, " Whether it still serves old ones is not known from here."}}) {
    Verdict v = Alarm();
    Findings f = Fired(Detector::kFrozen);
    f.by_ack_rate = true;
    f.measured.sending = row.sending;
    Explain(f, &v);
    EXPECT_EQ(v.reason, "unanswered");
    EXPECT_EQ(
        v.detail,
        "The media server no longer answers new clients. 9 of 9 new connections within 3.2 s, from 4 client "
        "networks, got no answer." +
            std::string(row.says) + " Usually at most 1 in 66 fail so (evidence 15.6, alarm at 13.1).");
    EXPECT_EQ(v.remediation.find("frozen"), std::string::npos) << v.remediation;
    EXPECT_EQ(v.remediation.find("Part of it still runs") != std::string::npos, row.sending == Sending::kYes);
  }
}

TEST(Explain, WhatTheNodeOwesIsTheNodes) {
  Verdict v = Alarm();
  v.networks = 1;
  v.stuck_phase = Phase::kNominated;
  Explain(Fired(Detector::kWaitingOnNode), &v);
  EXPECT_EQ(v.detail,
            "Clients wait for this node: it has to send the next packet and does not. 9 of 9 new "
            "connections within 3.2 s, from one client network, are stuck so. Most of them have a path, but "
            "encryption is not set up. Usually at most 1 in 66 fail so (evidence 15.6, alarm at 13.1).");
}

TEST(Explain, WhatANodeCannotKnowAloneIsSaid) {
  for (const Detector c : {Detector::kNeverActiveAlive, Detector::kNeverActive, Detector::kNoneActive}) {
    Verdict v = Alarm();
    Explain(Fired(c), &v);
    EXPECT_NE(v.detail.find("compare with the other nodes."), std::string::npos) << v.detail;
    EXPECT_FALSE(v.remediation.empty());
  }
}

// Plain RTP has no checks, and what a frozen node receives may be anything.
TEST(Explain, NoSentenceNamesAProtocolThatTheNodeMayNotSpeak) {
  for (const Detector c : kAllDetectors) {
    for (const Phase p : {Phase::kOffered, Phase::kAnswered, Phase::kNominated, Phase::kSecured}) {
      Verdict v = Alarm();
      v.stuck_phase = p;
      Explain(Fired(c), &v);
      for (const char* word : {"check", "ICE", "DTLS", "STUN", "  ", ",,", ", Usually"}) {
        EXPECT_EQ(v.detail.find(word), std::string::npos) << v.detail;
      }
    }
  }
}

Verdict Degraded(const Findings& f) {
  Verdict v = Alarm();
  v.state = State::kDegraded;
  Explain(f, &v);
  return v;
}

bool Says(const Verdict& v, const char* words) { return v.detail.find(words) != std::string::npos; }

// No claim without its measurement.
TEST(Explain, SuccessesAreCalledUsualWithTheirFigures) {
  Findings f;
  f.harm = Harm::kFlood;
  f.measured.usual_known = true;
  f.measured.successes = {12, 13.6, std::chrono::seconds(30)};
  const Verdict v = Degraded(f);
  EXPECT_EQ(v.reason, "unacknowledged_flood");
  EXPECT_TRUE(Says(v, "12 connections came up within 30.0 s, where about 14 are usual")) << v.detail;
}

TEST(Explain, WhereTheCauseIsNotKnownBothAreNamed) {
  Findings f;
  f.harm = Harm::kUnanswered;
  f.measured.usual_known = true;
  f.measured.successes = {1, 1.2, std::chrono::seconds(30)};
  for (const bool answered : {true, false}) {
    for (const bool known : {true, false}) {
      f.measured.answered = answered;
      f.measured.usual_known = known;
      const Verdict v = Degraded(f);
      EXPECT_EQ(v.reason, "unanswered_checks");
      EXPECT_TRUE(Says(v, "forge")) << v.detail;
      EXPECT_TRUE(Says(v, answered ? "ignore a part of its clients" : "receive nothing")) << v.detail;
      EXPECT_FALSE(Says(v, "as usual")) << v.detail;
      EXPECT_EQ(Says(v, "1 connection came up within 30.0 s, where about 1 is usual"), answered && known);
      EXPECT_NE(v.remediation.find("try one call"), std::string::npos);
    }
  }
}

// "Forged" is a reading among others where nothing that was measured speaks against it, and the likely one
// only where the others were counted and came up.
TEST(Explain, NothingIsCalledForgedWhereAMeasurementSaysOtherwise) {
  constexpr State kStates[] = {State::kHealthy, State::kDegraded, State::kFailing, State::kProbation,
                               State::kUnknown};
  for (int h = 0; h <= static_cast<int>(Harm::kUnexplained); ++h) {
    for (const State state : kStates) {
      for (const int alarm : {-1, 0, 2, 3, 5, 6, static_cast<int>(Detector::kCallsMuted),
                              static_cast<int>(Detector::kMediaNotReceived)}) {
        for (unsigned bits = 0; bits < 64; ++bits) {
          Findings f;
          f.harm = static_cast<Harm>(h);
          if (f.harm == Harm::kMediaMissing) f.harmed = Detector::kNoRtpOut;
          if (alarm >= 0) f.alarm = static_cast<Detector>(alarm);
          f.partly = (bits & 1) != 0, f.by_ack_rate = (bits & 2) != 0;
          const bool stopped = (bits & 4) != 0, fact = (bits & 8) != 0, familiar = (bits & 16) != 0;
          f.measured.answered = f.measured.usual_known = true;
          f.measured.successes = {stopped ? 2u : 29u, 30, std::chrono::seconds(10)};
          if (fact) f.measured.local_fault = "No descriptors are left.";
          if (familiar) f.measured.familiar = 5;
          Verdict v = Alarm();
          v.state = state;
          if ((bits & 32) != 0) v.dropped = {{CANDOR_IN, CANDOR_DROP_NETFILTER}, 9, 9};
          const bool measured = stopped || fact || familiar || (bits & 32) != 0;
          Explain(f, &v);
          const bool likely = v.detail.find("likely forged") != std::string::npos;
          EXPECT_FALSE(likely && (measured || f.harm != Harm::kFlood)) << v.detail;
          const bool possible = v.detail.find("are forged") != std::string::npos;
          EXPECT_FALSE(possible && measured) << v.detail;
        }
      }
    }
  }
}

TEST(Explain, ConnectionsComeUpOnlyWhereSomeDid) {
  for (const bool recently : {true, false}) {
    Findings f;
    f.harm = Harm::kSlowSetup;
    f.measured.active_recently = recently;
    EXPECT_EQ(Says(Degraded(f), "come up, but late"), recently);
    f.harm = Harm::kReceiveDrops;
    EXPECT_EQ(Says(Degraded(f), "Connections still come up"), recently);
  }
}

TEST(Explain, NotOneIsSaidOnlyWhereThereWasNone) {
  Verdict v = Alarm();
  Explain(Fired(Detector::kNoneActive), &v);
  EXPECT_TRUE(Says(v, "Not one new connection comes up.")) << v.detail;
  v.counted = 10;
  Explain(Fired(Detector::kNoneActive), &v);
  EXPECT_TRUE(Says(v, "Hardly any new connection comes up.")) << v.detail;
}

TEST(Explain, ADetectorThatNothingExplainsIsNamed) {
  Findings f;
  f.harm = Harm::kUnexplained;
  for (const Detector c : kAllDetectors) {
    f.harmed = c;
    const Verdict v = Degraded(f);
    EXPECT_EQ(v.reason, "unexplained");
    EXPECT_TRUE(Says(v, std::string(Name(c)).c_str())) << v.detail;
    EXPECT_TRUE(Says(v, "Nothing else that was measured explains it")) << v.detail;
  }
  f.harmed = Detector::kNoneActive;
  f.measured.longest_failure_run = 5;
  EXPECT_TRUE(Says(Degraded(f), "Runs of up to 5 failures have ended by themselves"));
}

TEST(Explain, AHealthyNodeInDoubtIsNotCalledAsUsual) {
  for (const bool doubt : {false, true}) {
    Findings f;
    f.doubt = doubt;
    Verdict v = Alarm();
    v.state = State::kHealthy;
    Explain(f, &v);
    EXPECT_EQ(v.reason, "ok");
    EXPECT_EQ(Says(v, "as usual"), !doubt) << v.detail;
  }
}

TEST(Explain, OneConnectionIsOne) {
  Verdict v = Alarm();
  v.counted = v.failed = v.networks = 1;
  Explain(Fired(Detector::kWaitingOnNode), &v);
  EXPECT_TRUE(Says(v, "1 of 1 new connection within 3.2 s, from one client network,")) << v.detail;
}

}  // namespace
}  // namespace candor
