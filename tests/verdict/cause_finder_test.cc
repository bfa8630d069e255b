// SPDX-License-Identifier: Apache-2.0
#include "verdict/cause_finder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "verdict/cause_codes.h"

namespace candor {
namespace {

using Change = std::function<void(CauseEvidence&)>;

// Nine attempts failed within three seconds, and the machine is in order.
CauseEvidence Evidence(Symptom symptom) {
  CauseEvidence e;
  e.symptom = symptom;
  e.failed = 9;
  e.window = std::chrono::seconds(3);
  e.drops_known = true;
  LocalFacts& f = e.facts;
  f.at = TimeFromNanos(1'000'000'000);
  f.cgroup = std::string("/janus.service");
  f.frozen = std::string();
  ProcessFacts p;
  p.processes = 2;
  p.youngest = {7, "janus"};
  p.age = std::chrono::hours(5);
  f.processes = p;
  f.throttling = Throttling{std::chrono::seconds(1), 10, 0, {}};
  f.pressure = {Pressure{0.9, 0.1}, Pressure{}, Pressure{}};
  f.memory = MemoryEvents{};
  f.descriptors = Descriptors{{7, "janus"}, 100, 1024};
  SocketFacts s;
  s.sockets = 40;
  s.media = {{5000, 0, 0, 0, {}, {}}};
  s.range_bound = 40, s.range_size = 100;
  f.sockets = s;
  f.conntrack = Conntrack{12, 65536, 0};
  f.addresses_gone = std::vector<IpAddress>{};
  f.paths = std::vector<PeerPath>{{*IpAddress::Parse("203.0.113.9"), PeerPath::Kind::kRoute, "eth0", ""}};
  return e;
}

Change Drop(candor_dir direction, candor_drop_reason r, uint64_t n = 40) {
  return [=](CauseEvidence& e) { e.dropped[direction][r] = n; };
}

template <class T>
Change Set(Fact<T> LocalFacts::*fact, std::function<void(T&)> change) {
  return [=](CauseEvidence& e) {
    T value = *(e.facts.*fact);
    change(value);
    e.facts.*fact = value;
  };
}

Change Process(std::function<void(ProcessFacts&)> change) {
  return Set<ProcessFacts>(&LocalFacts::processes, std::move(change));
}
Change Socket(std::function<void(SocketFacts&)> change) {
  return Set<SocketFacts>(&LocalFacts::sockets, std::move(change));
}

const Change kStopped = Process([](ProcessFacts& p) { p.stopped = {{7, "janus"}}; });
const Change kGone = Process([](ProcessFacts& p) { p.processes = 0, p.gone = std::chrono::seconds(6); });
const Change kJustGone = Process([](ProcessFacts& p) { p.processes = 0, p.gone = std::chrono::seconds(3); });
const Change kRestarts =
    Process([](ProcessFacts& p) { p.restarts = p.replaced = 3, p.age = std::chrono::seconds(2); });
const Change kHelpers = Process([](ProcessFacts& p) { p.restarts = 3, p.age = std::chrono::seconds(2); });
const Change kThrottledBy = Set<Throttling>(&LocalFacts::throttling, [](Throttling& t) {
  t = {std::chrono::seconds(1), 10, 9, std::chrono::milliseconds(800)};
});
const Change kUnreadSocket = Socket([](SocketFacts& s) {
  s.media = {{5000, 212992, 0, 80, std::chrono::seconds(2), {}}};
});
const Change kTableFull = Set<Conntrack>(&LocalFacts::conntrack, [](Conntrack& c) { c = {64, 64, 50}; });
const Change kIpv6Fails = [](CauseEvidence& e) { e.shape.family = {"IPv6", 9, 0, 0, 12}; };

struct Row {
  const char* what;
  Symptom symptom;
  std::vector<Change> changes;
  CauseCode code;
  bool measured = true;
};

Cause Find(const Row& row) {
  CauseEvidence e = Evidence(row.symptom);
  for (const Change& change : row.changes) change(e);
  return FindCause(e);
}

void Check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    const Cause c = Find(row);
    EXPECT_EQ(c.code, Name(row.code)) << row.what << ": " << c.text;
    if (c.code.empty()) continue;
    EXPECT_EQ(c.measured, row.measured) << row.what;
    EXPECT_EQ(c.remediation, RemediationOf(row.code)) << row.what;
    EXPECT_FALSE(c.chain.empty()) << row.what;
    EXPECT_EQ(c.text.back(), '.') << c.text;
  }
}

TEST(CauseFinder, WhatTheKernelDroppedComesFirst) {
  using enum Symptom;
  Check({
      {"firewall in",
       kNothingArrives,
       {Drop(CANDOR_IN, CANDOR_DROP_NETFILTER)},
       CauseCode::kDroppedNetfilterIn},
      {"firewall out",
       kNodeSilent,
       {Drop(CANDOR_OUT, CANDOR_DROP_NETFILTER)},
       CauseCode::kDroppedNetfilterOut},
      {"firewall out, though a process is stopped",
       kNodeSilent,
       {Drop(CANDOR_OUT, CANDOR_DROP_NETFILTER), kStopped},
       CauseCode::kDroppedNetfilterOut},
      {"checksum", kNodeSilent, {Drop(CANDOR_IN, CANDOR_DROP_CHECKSUM)}, CauseCode::kDroppedChecksum},
      {"reverse path", kNothingArrives, {Drop(CANDOR_IN, CANDOR_DROP_SOURCE)}, CauseCode::kDroppedSource},
      {"queue", kNotActive, {Drop(CANDOR_OUT, CANDOR_DROP_QDISC)}, CauseCode::kDroppedQdisc},
      {"next hop", kNotActive, {Drop(CANDOR_OUT, CANDOR_DROP_NEIGHBOUR)}, CauseCode::kDroppedNeighbour},
      {"closed port", kNothingArrives, {Drop(CANDOR_IN, CANDOR_DROP_NO_SOCKET)}, CauseCode::kDroppedNoSocket},
      {"lost datagrams", kSendLoss, {Drop(CANDOR_OUT, CANDOR_DROP_QDISC)}, CauseCode::kDroppedQdisc},
  });
}

TEST(CauseFinder, ADropThatIsAConsequenceGivesWayToWhatIsBehindIt) {
  using enum Symptom;
  const Change full = Drop(CANDOR_IN, CANDOR_DROP_RECEIVE_BUFFER);
  const Change closed = Drop(CANDOR_IN, CANDOR_DROP_NO_SOCKET);
  Check({
      {"buffer of a stopped process", kNodeSilent, {full, kStopped, kUnreadSocket}, CauseCode::kFrozen},
      {"buffer of a throttled one", kNodeSilent, {full, kThrottledBy, kUnreadSocket}, CauseCode::kThrottled},
      {"buffer of a deadlock", kNodeSilent, {full, kUnreadSocket}, CauseCode::kNotReading},
      {"buffer alone", kNodeSilent, {full}, CauseCode::kReceiveBuffer},
      {"port of an ended process", kNothingArrives, {closed, kGone}, CauseCode::kProcessGone},
      {"port of a process that has just ended", kNothingArrives, {closed, kJustGone}, CauseCode::kNone},
      {"port beside helpers that come and go",
       kNothingArrives,
       {closed, kHelpers},
       CauseCode::kRestartLoop,
       false},
      {"port of a restart loop", kNothingArrives, {closed, kRestarts}, CauseCode::kRestartLoop},
      {"table full",
       kNothingArrives,
       {Drop(CANDOR_IN, CANDOR_DROP_NETFILTER), kTableFull},
       CauseCode::kConntrackFull},
  });
}

TEST(CauseFinder, DropsThatCannotBringTheSymptomAboutAreNotNamed) {
  using enum Symptom;
  Check({
      {"the requests arrived", kNodeSilent, {Drop(CANDOR_IN, CANDOR_DROP_NETFILTER)}, CauseCode::kNone},
      {"strangers at closed ports",
       kNodeSilent,
       {Drop(CANDOR_IN, CANDOR_DROP_NO_SOCKET, 5000)},
       CauseCode::kNone},
      {"nothing came in to answer",
       kNothingArrives,
       {Drop(CANDOR_OUT, CANDOR_DROP_NETFILTER)},
       CauseCode::kNoArrivalsUnknown,
       false},
      {"fewer than attempts", kNotActive, {Drop(CANDOR_OUT, CANDOR_DROP_QDISC, 8)}, CauseCode::kNone},
  });
}

TEST(CauseFinder, WhatDoesNotArriveIsLostBeyondTheNodeUnlessItsKernelDropsIt) {
  using enum Symptom;
  Check({
      {"nothing here", kNotReceived, {}, CauseCode::kLostBeyondNode, false},
      {"the device's queue", kNotReceived, {Drop(CANDOR_OUT, CANDOR_DROP_QDISC)}, CauseCode::kDroppedQdisc},
      {"what comes in",
       kNotReceived,
       {Drop(CANDOR_IN, CANDOR_DROP_NETFILTER)},
       CauseCode::kLostBeyondNode,
       false},
  });
}

// Where the lost packets were read, only those of the failed attempts count.
TEST(CauseFinder, DropsOfOthersExplainNothing) {
  const Change of_others = [](CauseEvidence& e) { e.lost_known = true; };
  const Change of_these = [](CauseEvidence& e) {
    e.lost_known = true;
    e.lost[CANDOR_IN][CANDOR_DROP_NETFILTER] = 7;
  };
  const Change drops = Drop(CANDOR_IN, CANDOR_DROP_NETFILTER, 900);
  Check({
      {"of others", Symptom::kNotActive, {drops, of_others}, CauseCode::kNone},
      {"of these", Symptom::kNotActive, {drops, of_these}, CauseCode::kDroppedNetfilterIn},
  });
}

TEST(CauseFinder, DropsOfAllOfAFewFailedAttemptsAreNamed) {
  const auto lost = [](uint64_t attempts) -> Change {
    return [=](CauseEvidence& e) {
      e.failed = 3;
      e.lost_known = true;
      e.lost[CANDOR_IN][CANDOR_DROP_NETFILTER] = attempts;
    };
  };
  Check({
      {"all", Symptom::kNothingArrives, {lost(3)}, CauseCode::kDroppedNetfilterIn},
      {"two of three, and not that nothing was dropped",
       Symptom::kNothingArrives,
       {lost(2)},
       CauseCode::kNone},
      {"none", Symptom::kNothingArrives, {lost(0)}, CauseCode::kNoArrivalsUnknown, false},
  });
}

TEST(CauseFinder, ThatTheKernelDropsNothingIsSaidOnlyWhereItIsKnown) {
  const Change unknown = [](CauseEvidence& e) { e.drops_known = false; };
  Check({
      {"not counted, in", Symptom::kNothingArrives, {unknown}, CauseCode::kNone},
      {"not counted, out", Symptom::kNotReceived, {unknown}, CauseCode::kNone},
      {"fewer than attempts, in",
       Symptom::kNothingArrives,
       {Drop(CANDOR_IN, CANDOR_DROP_NETFILTER, 5)},
       CauseCode::kNone},
      {"fewer than attempts, out",
       Symptom::kNotReceived,
       {Drop(CANDOR_OUT, CANDOR_DROP_QDISC, 5)},
       CauseCode::kNone},
  });
  CauseEvidence e = Evidence(Symptom::kNotReceived);
  e.drops_known = false;
  for (const std::string& line : FindCause(e).chain)
    EXPECT_EQ(line.find("dropped no packets"), std::string::npos);
}

TEST(CauseFinder, LocalFactsAreNamedWhereNoDropExplainsIt) {
  using enum Symptom;
  Check({
      {"stopped", kNodeSilent, {kStopped}, CauseCode::kFrozen},
      {"frozen cgroup",
       kNodeSilent,
       {[](CauseEvidence& e) { e.facts.frozen = std::string("/janus.service"); }},
       CauseCode::kFrozen},
      {"disk",
       kNodeSilent,
       {Process([](ProcessFacts& p) {
         p.blocked = {{7, "janus"}};
       })},
       CauseCode::kBlockedDisk},
      {"throttled", kNotActive, {kThrottledBy}, CauseCode::kThrottled},
      {"starved",
       kSlow,
       {[](CauseEvidence& e) {
         e.facts.pressure.cpu = Pressure{0.95, 0.8};
       }},
       CauseCode::kStarvedCpu},
      {"not reading", kNodeSilent, {kUnreadSocket}, CauseCode::kNotReading},
      {"restart loop", kNothingArrives, {kRestarts}, CauseCode::kRestartLoop},
      {"killed for memory",
       kNothingArrives,
       {kRestarts, Set<MemoryEvents>(&LocalFacts::memory, [](MemoryEvents& m) { m.oom_kill = 3; })},
       CauseCode::kOutOfMemory},
      {"descriptors",
       kNothingArrives,
       {Set<Descriptors>(&LocalFacts::descriptors, [](Descriptors& d) { d.used = 1024; })},
       CauseCode::kDescriptorsExhausted},
      {"ports",
       kNothingArrives,
       {Socket([](SocketFacts& s) { s.range_bound = 99; })},
       CauseCode::kPortsExhausted},
      {"socket gone",
       kNothingArrives,
       {Socket([](SocketFacts& s) { s.gone = {5000}; })},
       CauseCode::kSocketGone},
      {"address",
       kNothingArrives,
       {[](CauseEvidence& e) { e.facts.addresses_gone = std::vector{*IpAddress::Parse("192.0.2.1")}; }},
       CauseCode::kAddressChanged},
      {"route",
       kNodeSilent,
       {[](CauseEvidence& e) {
         e.facts.paths =
             std::vector<PeerPath>{{*IpAddress::Parse("203.0.113.9"), PeerPath::Kind::kNoRoute, "", ""}};
       }},
       CauseCode::kNoRoute,
       false},
  });
}

TEST(CauseFinder, TheOnlyPortOfAllSessionsIsNotUsedUp) {
  Check({{"one port for all",
          Symptom::kNothingArrives,
          {Socket([](SocketFacts& s) { s.range_bound = s.range_size = 1; })},
          CauseCode::kNoArrivalsUnknown,
          false}});
}

TEST(CauseFinder, AMissingRouteIsBehindNeighboursThatDoNotAnswer) {
  CauseEvidence e = Evidence(Symptom::kNotActive);
  e.dropped[CANDOR_OUT][CANDOR_DROP_NEIGHBOUR] = 900;
  EXPECT_EQ(FindCause(e).code, "dropped_neighbour");
  e.facts.paths = std::vector<PeerPath>{{*IpAddress::Parse("203.0.113.9"), PeerPath::Kind::kNoRoute, "", ""}};
  EXPECT_EQ(FindCause(e).code, "no_route");
}

TEST(CauseFinder, OfTwoThatFitBothAreToldAndNoneIsNamed) {
  const Cause c = Find({"", Symptom::kNotActive, {kThrottledBy, kTableFull}, CauseCode::kNone});
  EXPECT_EQ(c.code, "");
  EXPECT_NE(c.text.find("2 causes fit"), std::string::npos) << c.text;
  EXPECT_NE(c.text.find("CPU quota"), std::string::npos);
  EXPECT_NE(c.text.find("connection tracking"), std::string::npos);
  const Cause drops =
      Find({"",
            Symptom::kNotActive,
            {Drop(CANDOR_OUT, CANDOR_DROP_QDISC, 40), Drop(CANDOR_IN, CANDOR_DROP_NETFILTER, 50)},
            CauseCode::kNone});
  EXPECT_EQ(drops.code, "");
  Check({{"three times as many",
          Symptom::kNotActive,
          {Drop(CANDOR_OUT, CANDOR_DROP_QDISC, 40), Drop(CANDOR_IN, CANDOR_DROP_NETFILTER, 120)},
          CauseCode::kDroppedNetfilterIn}});
}

TEST(CauseFinder, WhatTheAttemptsShareIsInferredOnly) {
  const auto count = [](uint64_t FailureShape::*n) {
    return Change([=](CauseEvidence& e) { e.shape.failed = 9, e.shape.*n = 9; });
  };
  using enum Symptom;
  Check({
      {"family", kNotActive, {kIpv6Fails}, CauseCode::kOneFamily, false},
      {"handshake",
       kNodeSilent,
       {count(&FailureShape::handshake_not_answered)},
       CauseCode::kDtlsNotAnswered,
       false},
      {"large flights", kNotActive, {count(&FailureShape::large_asked_again)}, CauseCode::kMtu, false},
      {"certificate",
       kNotActive,
       {count(&FailureShape::certificate_alerts)},
       CauseCode::kCertificateRefused,
       false},
      {"credentials", kNotActive, {count(&FailureShape::unauthorized)}, CauseCode::kTurnUnauthorized, false},
      {"capacity", kNotActive, {count(&FailureShape::no_capacity)}, CauseCode::kTurnCapacity, false},
  });
}

TEST(CauseFinder, WhereNoSmallerFlightOfTheNodeWasAnsweredTheMtuIsOneOfTwoPossibilities) {
  CauseEvidence e = Evidence(Symptom::kNotActive);
  e.shape.failed = 9, e.shape.flight_asked_again = 9, e.shape.large_asked_again = 7;
  const Cause c = FindCause(e);
  EXPECT_EQ(c.code, "");
  EXPECT_NE(c.text.find("smaller MTU"), std::string::npos) << c.text;
  EXPECT_NE(c.text.find("filter of handshakes"), std::string::npos) << c.text;
}

// "frozen" only where the kernel shows a stopped process.
TEST(CauseFinder, ASilentNodeWhoseMachineIsInOrderHasNoNamedCause) {
  const Cause c = Find({"", Symptom::kNodeSilent, {}, CauseCode::kNone});
  EXPECT_EQ(c.code, "");
  EXPECT_EQ(c.text, "No cause was found on this machine as far as it was read.");
  const auto says = [&](const char* words) {
    return std::any_of(c.chain.begin(), c.chain.end(),
                       [&](const std::string& line) { return line.find(words) != std::string::npos; });
  };
  EXPECT_TRUE(says("none stopped"));
  EXPECT_TRUE(says("100 of 1024 file descriptors"));
}

TEST(CauseFinder, WhatWasNotReadIsSaidAndNeverTakenForZero) {
  CauseEvidence e = Evidence(Symptom::kNodeSilent);
  e.facts = {};
  EXPECT_TRUE(FindCause(e).empty()) << "nothing was read, nothing is claimed";
  e.facts.at = TimeFromNanos(1);
  e.facts.processes = Fact<ProcessFacts>::Unknown("no right");
  const Cause c = FindCause(e);
  EXPECT_EQ(c.code, "") << "an unknown number of processes is not none";
  EXPECT_NE(std::find(c.chain.begin(), c.chain.end(), "the media server's processes: not known, no right"),
            c.chain.end());
}

TEST(CauseFinder, AHealthyNodeHasNoCause) {
  CauseEvidence e = Evidence(Symptom::kNone);
  kStopped(e);
  EXPECT_TRUE(FindCause(e).empty());
}

}  // namespace
}  // namespace candor
