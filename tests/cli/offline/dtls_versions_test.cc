// SPDX-License-Identifier: Apache-2.0
//
// One node, one fault, and clients that differ only in how their DTLS goes over the wire: the verdict must be
// the same within 3 s.
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "cli/offline/replay.h"
#include "tests/packets/dtls_scenarios.h"
#include "tests/replay/capture_bytes.h"

namespace candor::cli {
namespace {

constexpr uint64_t kHealthyMs = 40'000, kFaultMs = 30'000, kEachMs = 400;
constexpr double kTolerated = 3;  // seconds

struct Verdicts {
  std::vector<std::pair<double, std::string>> states;
  double attempts = 0, active = 0;
  bool Has(const std::string& state) const {
    return std::any_of(states.begin(), states.end(), [&](const auto& s) { return s.second == state; });
  }
};

struct Timed {
  uint64_t at_ms;
  Bytes ip;
};

// Healthy clients of three kinds, each from its own network; from kHealthyMs on all are of `scenario`.
std::vector<Timed> Scene(DtlsScenario scenario, const DtlsEncoding& encoding) {
  constexpr DtlsScenario kHealthy[] = {DtlsScenario::kPublisher, DtlsScenario::kSubscriber,
                                       DtlsScenario::kDataOnly};
  std::vector<Timed> out;
  for (int who = 0; who * kEachMs < kHealthyMs + kFaultMs; ++who) {
    const uint64_t begin = static_cast<uint64_t>(who) * kEachMs;
    const std::string peer = "100." + std::to_string(64 + who % 60) + "." + std::to_string(who) + ".7";
    const FlowKey key = KeyOf("192.0.2.10", 7882, peer, static_cast<uint16_t>(40000 + who));
    for (const ScenarioPacket& p :
         PacketsOf(begin < kHealthyMs ? kHealthy[who % 3] : scenario, encoding, who))
      out.push_back({begin + p.at_ms, Udp(key, p.dir, p.payload)});
  }
  std::stable_sort(out.begin(), out.end(), [](const Timed& a, const Timed& b) { return a.at_ms < b.at_ms; });
  return out;
}

Verdicts Replayed(DtlsScenario scenario, const DtlsEncoding& encoding) {
  const testing::Writer writer;
  const std::string file =
      ::testing::TempDir() + "dtls_versions_" + NameOf(scenario) + NameOf(encoding) + ".pcap";
  {
    Bytes all = writer.PcapHeader(0xa1b2c3d4, 101);
    for (const Timed& p : Scene(scenario, encoding)) {
      const auto packet = writer.PcapPacket(static_cast<uint32_t>(1'790'000'000 + p.at_ms / 1000),
                                            static_cast<uint32_t>(p.at_ms % 1000 * 1000), p.ip);
      all.insert(all.end(), packet.begin(), packet.end());
    }
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(all.data()), static_cast<std::streamsize>(all.size()));
  }
  ReplayArguments a;
  a.file = file;
  a.node = "192.0.2.10";
  a.json = true;
  std::ostringstream out, err;
  EXPECT_EQ(RunReplay(a, out, err), kReplayComplete) << err.str();
  std::remove(file.c_str());
  Verdicts verdicts;
  std::istringstream lines(out.str());
  for (std::string line; std::getline(lines, line);) {
    google::protobuf::Struct s;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(line, &s).ok()) << line;
    const auto& f = s.fields();
    if (f.at("type").string_value() == "verdict")
      verdicts.states.emplace_back(f.at("t").number_value(), f.at("state").string_value());
    if (f.at("type").string_value() != "summary") continue;
    verdicts.attempts = f.at("attempts").number_value();
    verdicts.active = f.at("active").number_value();
  }
  return verdicts;
}

class DtlsVersions : public ::testing::TestWithParam<DtlsScenario> {};

TEST_P(DtlsVersions, GiveTheSameVerdictsWithinThreeSeconds) {
  const Verdicts plain = Replayed(GetParam(), {});
  ASSERT_FALSE(plain.states.empty());
  EXPECT_TRUE(plain.Has("HEALTHY"));
  switch (GetParam()) {
    case DtlsScenario::kNodeMute:
    case DtlsScenario::kHelloUnanswered:
    case DtlsScenario::kFinishedUnanswered:
      EXPECT_TRUE(plain.Has("FAILING"));
      break;
    case DtlsScenario::kPublisher:
    case DtlsScenario::kSubscriber:
    case DtlsScenario::kDataOnly:
    case DtlsScenario::kPeerSilent:
      EXPECT_FALSE(plain.Has("FAILING"));
      break;
    default:  // all leave or refuse: this test has no rule for the verdict then
      break;
  }
  for (const DtlsEncoding& encoding : std::vector<DtlsEncoding>{{.version = 13},
                                                                {.version = 13, .cid = 8},
                                                                {.version = 13, .tickets = true},
                                                                {.version = 12, .cid = 8},
                                                                {.version = 12, .channel = true},
                                                                {.version = 13, .channel = true},
                                                                {.version = 12, .sped = true},
                                                                {.version = 13, .sped = true}}) {
    SCOPED_TRACE(NameOf(encoding));
    const Verdicts variant = Replayed(GetParam(), encoding);
    EXPECT_EQ(variant.attempts, plain.attempts);
    EXPECT_EQ(variant.active, plain.active);
    ASSERT_EQ(variant.states.size(), plain.states.size());
    for (size_t i = 0; i < plain.states.size(); ++i) {
      EXPECT_EQ(variant.states[i].second, plain.states[i].second);
      EXPECT_NEAR(variant.states[i].first, plain.states[i].first, kTolerated);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, DtlsVersions,
                         ::testing::Values(DtlsScenario::kPublisher, DtlsScenario::kSubscriber,
                                           DtlsScenario::kDataOnly, DtlsScenario::kNodeMute,
                                           DtlsScenario::kPeerSilent, DtlsScenario::kHelloUnanswered,
                                           DtlsScenario::kFinishedUnanswered, DtlsScenario::kPeerLeaves,
                                           DtlsScenario::kPeerRefuses),
                         [](const ::testing::TestParamInfo<DtlsScenario>& i) { return NameOf(i.param); });

}  // namespace
}  // namespace candor::cli
