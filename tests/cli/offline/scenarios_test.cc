// SPDX-License-Identifier: Apache-2.0
//
// Captures made from the RFCs, each with one scenario of a node and its peers: the outcomes of the attempts
// and the states of the node.
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include "cli/offline/replay.h"

namespace candor::cli {
namespace {

using google::protobuf::Struct;

using Counts = std::map<std::string, double>;

struct Result {
  std::set<std::string> states;
  double first_failing = 0;  // seconds after the first attempt's first packet; 0: never
  Counts counts;             // those of the summary that are not 0
};

Struct Parse(const std::string& text) {
  Struct s;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text, &s).ok()) << text.substr(0, 200);
  return s;
}

Counts CountsOf(const Struct& summary) {
  const std::set<std::string> names = {"attempts", "active",      "left",       "refused",   "pending",
                                       "replaced", "late_active", "early_drop", "unanswered"};
  Counts counts;
  const auto add = [&](const std::string& name, double n) {
    if (n > 0) counts[name] = n;
  };
  for (const auto& [name, value] : summary.fields()) {
    if (names.count(name) > 0) add(name, value.number_value());
  }
  for (const auto& [side, n] : summary.fields().at("stalled").struct_value().fields())
    add("stalled by " + side, n.number_value());
  return counts;
}

Result Replay(const std::string& scenario) {
  ReplayArguments a;
  a.file = std::string(CANDOR_TEST_DATA "/captures/") + scenario + ".pcap";
  a.node = "192.0.2.10";
  a.json = a.attempts = true;
  std::ostringstream out, err;
  EXPECT_EQ(RunReplay(a, out, err), kReplayComplete) << scenario << ": " << err.str();
  Result result;
  double first = 0, failing = 0;
  std::istringstream lines(out.str());
  for (std::string line; std::getline(lines, line);) {
    const Struct s = Parse(line);
    const auto& f = s.fields();
    const std::string& type = f.at("type").string_value();
    if (type == "verdict") result.states.insert(f.at("state").string_value());
    if (type == "verdict" && f.at("state").string_value() == "FAILING" && failing == 0)
      failing = f.at("t").number_value();
    if (type == "attempt" && first == 0) first = f.at("first").number_value();
    if (type == "summary") result.counts = CountsOf(s);
  }
  result.first_failing = failing == 0 ? 0 : failing - first;
  return result;
}

struct Row {
  const char* scenario;
  Counts counts;
};

std::ostream& operator<<(std::ostream& out, const Row& r) { return out << r.scenario; }

class HealthyScenario : public ::testing::TestWithParam<Row> {};

TEST_P(HealthyScenario, IsHealthy) {
  const Result result = Replay(GetParam().scenario);
  EXPECT_EQ(result.counts, GetParam().counts);
  for (const std::string& state : result.states)
    EXPECT_TRUE(state == "HEALTHY" || state == "UNKNOWN") << state;
}

INSTANTIATE_TEST_SUITE_P(
    All, HealthyScenario,
    ::testing::Values(
        // 40 calls run when the capture begins; 10 participants only keep consent, and none is new.
        Row{"begins_midcall_quiet_participants", {{"attempts", 40}, {"active", 40}}},
        // Both ways for 5 s, then hold (RFC 3264 section 8.4), one call after another.
        Row{"sip_hold_without_rtcp", {{"attempts", 16}, {"active", 16}}},
        // The peer sends for 15 s before the node does.
        Row{"early_media_in_only", {{"attempts", 14}, {"active", 14}}},
        // The node sends for 12 s before the peer does.
        Row{"early_media_out_only", {{"attempts", 4}, {"active", 4}}},
        // SIPREC (RFC 7866): the node only receives, without RTCP.
        Row{"recorder_in_only", {{"attempts", 16}, {"left", 13}, {"pending", 3}}},
        // The handshake is complete, then the peer closes with an encrypted alert.
        Row{"close_notify_after_handshake", {{"attempts", 1}, {"left", 1}}},
        // Data only, and ICE restarts while DTLS goes on: each restart is a success of its own.
        Row{"ice_restart_quiet", {{"attempts", 60}, {"active", 60}}}));

// From t = 30 s on the node answers checks and no handshake.
TEST(Scenarios, ClientsThatShareTheNodesUfragAreSeparateAttempts) {
  const Result result = Replay("one_ufrag_for_all");
  EXPECT_EQ(result.counts,
            (Counts{{"attempts", 60}, {"active", 30}, {"stalled by node", 28}, {"pending", 2}}));
  EXPECT_GT(result.first_failing, 30);
  EXPECT_LT(result.first_failing, 36);
}

}  // namespace
}  // namespace candor::cli
