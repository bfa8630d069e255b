// SPDX-License-Identifier: Apache-2.0
//
// Captures of real servers (Janus, Pion, rtpengine) with real clients: the verdicts compared with the
// outcomes that the clients recorded. They are joined by the key of the attempt: the server's ufrag, or for
// plain RTP the server's port, of which a call has two.
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "cli/offline/replay.h"

namespace candor::cli {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

struct ClientRecord {
  std::map<std::string, bool> active;  // by key
  double fault_on = 0, fault_off = 0;  // seconds since 1970; 0: no fault
};

struct Attempt {
  bool active = false;
  std::string outcome, waiting_on, phase;
};

struct Answer {
  std::map<std::string, Attempt> attempts;  // by key
  std::vector<std::pair<double, std::string>> states;
  double attempts_counted = 0, active_counted = 0;
  double FirstFailing() const {
    for (const auto& [t, state] : states) {
      if (state == "FAILING") return t;
    }
    return 0;
  }
};

std::string Data(const std::string& name) { return std::string(CANDOR_TEST_DATA "/captures/") + name; }

Struct Parse(const std::string& text) {
  Struct s;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text, &s).ok()) << text.substr(0, 200);
  return s;
}

void Collect(const Struct& attempt, ClientRecord* truth) {
  const auto& f = attempt.fields();
  const bool active = f.at("active").bool_value();
  if (f.contains("server_ufrag")) truth->active[f.at("server_ufrag").string_value()] = active;
  if (!f.contains("server_ports")) return;
  for (const Value& port : f.at("server_ports").list_value().values()) {
    truth->active[std::to_string(static_cast<int>(port.number_value()))] = active;
  }
}

ClientRecord ReadClientRecord(const std::string& scenario) {
  std::ifstream in(Data(scenario + ".truth.json"));
  std::stringstream text;
  text << in.rdbuf();
  const Struct s = Parse(text.str());
  ClientRecord truth;
  for (const auto& [name, value] : s.fields()) {
    if (!value.has_list_value()) continue;
    for (const Value& attempt : value.list_value().values()) Collect(attempt.struct_value(), &truth);
  }
  if (s.fields().contains("fault_on_epoch")) {
    truth.fault_on = s.fields().at("fault_on_epoch").number_value();
    truth.fault_off = s.fields().at("fault_off_epoch").number_value();
  }
  return truth;
}

// All clients of these captures come from one network, so that faults show in full only where it is trusted.
constexpr const char* kTrusted = "10.99.0.0/16";

Answer Replay(const std::string& capture, const std::string& trusted = kTrusted) {
  ReplayArguments a;
  a.file = Data(capture);
  a.node = "10.99.0.1";
  a.flags.trusted = trusted;
  a.json = a.attempts = true;
  std::ostringstream out, err;
  EXPECT_EQ(RunReplay(a, out, err), kReplayComplete) << capture << ": " << err.str();
  Answer answer;
  std::istringstream lines(out.str());
  for (std::string line; std::getline(lines, line);) {
    const Struct s = Parse(line);
    const auto& f = s.fields();
    const std::string& type = f.at("type").string_value();
    if (type == "verdict") answer.states.emplace_back(f.at("t").number_value(), f.at("state").string_value());
    if (type == "attempt") {
      answer.attempts[f.at("key").string_value()] = {
          f.at("active_ms").has_number_value(), f.at("outcome").string_value(),
          f.at("waiting_on").string_value(), f.at("phase").string_value()};
    }
    if (type != "summary") continue;
    answer.attempts_counted = f.at("attempts").number_value();
    answer.active_counted = f.at("active").number_value();
  }
  return answer;
}

struct Row {
  const char* scenario;
  const char* view;  // the capture's suffix
  size_t attempts, active;
};

std::ostream& operator<<(std::ostream& out, const Row& r) { return out << r.scenario << "." << r.view; }

class CaptureWithClients : public ::testing::TestWithParam<Row> {};

TEST_P(CaptureWithClients, HasTheAttemptsOfTheClientsAndTheirActiveOnes) {
  const Row& r = GetParam();
  const ClientRecord truth = ReadClientRecord(r.scenario);
  ASSERT_EQ(truth.active.size(), r.attempts) << "the truth itself";
  const Answer answer = Replay(std::string(r.scenario) + "." + r.view + ".pcap");
  for (const auto& [key, active] : truth.active) {
    const auto it = answer.attempts.find(key);
    ASSERT_NE(it, answer.attempts.end()) << key << " was not seen";
    EXPECT_EQ(it->second.active, active) << key << ": " << it->second.phase << ", " << it->second.waiting_on
                                         << " waited on, " << it->second.outcome;
  }
  EXPECT_EQ(answer.attempts_counted, r.attempts);
  EXPECT_EQ(answer.active_counted, r.active);
}

INSTANTIATE_TEST_SUITE_P(
    All, CaptureWithClients,
    ::testing::Values(Row{"00_healthy", "wire", 60, 60}, Row{"00_healthy", "sock", 60, 60},
                      Row{"01_dtls_egress_nft", "wire", 60, 45}, Row{"01_dtls_egress_nft", "sock", 60, 45},
                      Row{"01b_healthy_pub_sub_data", "wire", 32, 32},
                      Row{"12_noise_not_server_fault", "wire", 90, 40},
                      Row{"30_pion_healthy", "wire", 60, 60}, Row{"31_pion_dtls_egress_net", "wire", 60, 51},
                      Row{"40_rtpengine_healthy_rtp", "wire", 120, 120},
                      Row{"42_rtpengine_rtp_egress_nft", "wire", 120, 106}));

class HealthyCapture : public ::testing::TestWithParam<const char*> {};

TEST_P(HealthyCapture, NeverLeavesHealthyOnceItHasEvidence) {
  const Answer answer = Replay(GetParam(), "");
  ASSERT_FALSE(answer.states.empty());
  for (const auto& [t, state] : answer.states) {
    EXPECT_TRUE(state == "HEALTHY" || state == "UNKNOWN") << state << " at " << std::fixed << t;
  }
}

// DEGRADED is allowed: the scanner of the noise capture is in the trusted network.
TEST_P(HealthyCapture, StaysInServiceWhereItsNetworkIsTrusted) {
  for (const auto& [t, state] : Replay(GetParam()).states) {
    EXPECT_NE(state, "FAILING") << " at " << std::fixed << t;
    EXPECT_NE(state, "PROBATION") << " at " << std::fixed << t;
  }
}

INSTANTIATE_TEST_SUITE_P(All, HealthyCapture,
                         ::testing::Values("00_healthy.wire.pcap", "00_healthy.sock.pcap",
                                           "01b_healthy_pub_sub_data.wire.pcap",
                                           "12_noise_not_server_fault.wire.pcap",
                                           "20_turn_relay.janus_side.pcap", "21_chromium_janus_audio.pcap",
                                           "30_pion_healthy.wire.pcap",
                                           "40_rtpengine_healthy_rtp.wire.pcap"));

class FaultyCapture : public ::testing::TestWithParam<const char*> {};

TEST_P(FaultyCapture, IsFailingWithinFiveSecondsOfTheFaultAndNotBefore) {
  const std::string capture = GetParam();
  const ClientRecord truth = ReadClientRecord(capture.substr(0, capture.find('.')));
  ASSERT_GT(truth.fault_on, 0);
  const Answer answer = Replay(capture);
  EXPECT_GT(answer.FirstFailing(), truth.fault_on);
  EXPECT_LT(answer.FirstFailing(), truth.fault_on + 5);
  for (const auto& [t, state] : answer.states) {
    EXPECT_TRUE(t >= truth.fault_on || state == "UNKNOWN" || state == "HEALTHY")
        << state << " before the fault";
  }
}

INSTANTIATE_TEST_SUITE_P(All, FaultyCapture,
                         ::testing::Values("01_dtls_egress_nft.wire.pcap", "01_dtls_egress_nft.sock.pcap",
                                           "31_pion_dtls_egress_net.wire.pcap",
                                           "42_rtpengine_rtp_egress_nft.wire.pcap"));

// The node's firewall drops what the node sends: neither the wire nor the egress hook sees it, so that the
// two views must agree on every attempt.
TEST(Captures, WireAndSocketViewOfOneRunAgreeOnEveryAttempt) {
  for (const char* scenario : {"00_healthy", "01_dtls_egress_nft"}) {
    const Answer wire = Replay(std::string(scenario) + ".wire.pcap");
    const Answer sock = Replay(std::string(scenario) + ".sock.pcap");
    ASSERT_EQ(wire.attempts.size(), sock.attempts.size());
    for (const auto& [key, seen] : wire.attempts) {
      const auto it = sock.attempts.find(key);
      ASSERT_NE(it, sock.attempts.end()) << key;
      EXPECT_EQ(seen.active, it->second.active) << key;
      EXPECT_EQ(seen.waiting_on, it->second.waiting_on) << key;
      EXPECT_EQ(seen.outcome, it->second.outcome) << key;
    }
    EXPECT_NEAR(wire.FirstFailing(), sock.FirstFailing(), 0.25) << "one tick";
  }
}

TEST(Captures, WhatTheNodesOwnFirewallDropsWaitsOnTheNode) {
  for (const auto& [key, seen] : Replay("01_dtls_egress_nft.wire.pcap").attempts) {
    EXPECT_TRUE(seen.active || seen.waiting_on == "node")
        << key << " at " << seen.phase << ": " << seen.waiting_on;
  }
}

// The client repeats its flight after the node's answer left: consent checks in between are no answer to it.
TEST(Captures, WhatIsLostBehindTheNodeWaitsOnThePath) {
  for (const auto& [key, seen] : Replay("31_pion_dtls_egress_net.wire.pcap").attempts) {
    EXPECT_TRUE(seen.active || seen.waiting_on == "path")
        << key << " at " << seen.phase << ": " << seen.waiting_on;
  }
}

// The client's side of a relay: a dead host pair and an active relay pair per attempt, ten of each.
TEST(Captures, AnAttemptThatIsActiveThroughARelayIsActiveThoughItsHostPairIsDead) {
  const Answer answer = Replay("20_turn_relay.janus_side.pcap");
  EXPECT_EQ(answer.attempts_counted, 10);
  EXPECT_EQ(answer.active_counted, 10);
}

TEST(Captures, ChromiumsAttemptsAreActive) {
  const Answer answer = Replay("21_chromium_janus_audio.pcap");
  EXPECT_EQ(answer.attempts_counted, 5);
  EXPECT_EQ(answer.active_counted, 5);
}

}  // namespace
}  // namespace candor::cli
