// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "config/config.h"

namespace candor {
namespace {

using ::testing::HasSubstr;

TEST(ConfigPrint, TheDefaultsParseBackToTheDefaults) {
  const std::string printed = PrintConfig(Config{});
  const auto parsed = ParseConfig(printed);
  ASSERT_TRUE(parsed) << parsed.error().front().ToString("printed");
  EXPECT_EQ(PrintConfig(*parsed), printed);
}

TEST(ConfigPrint, EverySettingStandsUnderItsMeaning) {
  const std::string printed = PrintConfig(Config{});
  EXPECT_THAT(printed, HasSubstr("# false alarms that are accepted in 30 days\nfalse_alarms_per_month: 1\n"));
  EXPECT_THAT(printed, HasSubstr("\n  # between two requests\n  interval: 1s\n"));
  EXPECT_THAT(printed, HasSubstr("\n  grpc: [\"127.0.0.1:7460\"]\n"));
}

void ChangeSteering(int n, steer::SteerOptions* o) {
  o->redis.addresses = {"10.0.0.1:26379", "unix:/run/redis.sock"};
  o->redis.sentinel = "lk";
  o->redis.database = static_cast<uint32_t>(n);
  o->redis.username = o->redis.sentinel_username = "candor";
  o->redis.password_file = o->redis.sentinel_password_file = "/etc/candor/redis " + std::to_string(n);
  o->redis.tls = true;
  o->redis.tls_ca = o->redis.tls_certificate = o->redis.tls_key = "/etc/redis/pem";
  o->redis.tls_name = "redis.internal";
  o->node_id = "ND_" + std::to_string(n);
  o->node_ip = "203.0.113.7";
  o->rooms = steer::Rooms::kAll;
  o->min_serving_share = 0.5;
  o->scope = steer::Scope::kCluster;
}

void ChangeServers(int digit, int percent, ServersOptions* servers) {
  servers->known = {
      {"janus" + std::to_string(digit), "/system.slice/ja nus*", "", "", {1, 99}, Role::kSfu, true},
      {"b:1", "", "b.service", "proc: \"b\"", {}, Role::kRelay, false}};
  servers->rule = NodeVerdictRule::kNamed;
  servers->share = percent / 100.0;
}

void ChangeSelfReport(int small, SelfReportConfig* report) {
  report->grpc = "unix:/run/node.sock";
  report->service = "null";
  report->prometheus = "http://127.0.0.1:6789/metrics";
  report->interval = std::chrono::seconds(small + 2);
  report->timeout = std::chrono::milliseconds(small + 10);
  report->push = PushFrom::kLoopback;
  report->push_timeout = std::chrono::seconds(small + 11);
}

// Every value differs from its default, so that a setting forgotten anywhere would show.
Config Changed(unsigned seed) {
  std::mt19937 random(seed);
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  Config c;
  c.source.choice = {SourceChoice::Kind::kPcap, "eth" + std::to_string(pick(0, 9))};
  c.source.cgroup = "/a \"quoted\" \\ path: #" + std::to_string(pick(0, 99));
  c.source.ports = {static_cast<uint16_t>(pick(1, 100)), static_cast<uint16_t>(pick(100, 65000))};
  c.source.max_flows = static_cast<uint32_t>(pick(64, 60000));
  c.source.load_deadline = std::chrono::milliseconds(pick(100, 9999));
  c.source.pin = "/sys/fs/bpf/candor" + std::to_string(pick(0, 99));
  c.source.keep_pins = true;
  c.source.socket_evidence = false;
  c.source.drop_reasons = false;
  c.source.session_counts = false;
  c.process = {"user" + std::to_string(pick(0, 99)), false, false};
  c.judge.false_alarms_per_month = pick(2, 1000) / 7.0;
  c.judge.smallest_share = pick(11, 90) / 100.0;
  c.judge.trusted_sources = {*IpPrefix::Parse("192.0.2.0/24"),
                             *IpPrefix::Parse("2001:db8::/" + std::to_string(pick(32, 128)))};
  constexpr std::array<int, 6> kNat64Lengths = {32, 40, 48, 56, 64, 96};
  c.judge.nat64_prefixes = {
      *IpPrefix::Parse("2001:db8::/" + std::to_string(kNat64Lengths.at(static_cast<size_t>(pick(0, 5)))))};
  c.judge.role = static_cast<Role>(pick(1, 4));
  c.judge.network_bits_v4 = pick(17, 32);
  c.judge.network_bits_v6 = pick(33, 128);
  c.attempt.deadline = c.judge.deadline = std::chrono::milliseconds(pick(61000, 120000));
  c.attempt.response_timeout = std::chrono::microseconds(pick(1000001, 2000000));
  c.attempt.media_timeout = std::chrono::milliseconds(pick(5001, 6000));
  c.attempt.early = std::chrono::seconds(pick(31, 3600));
  c.attempt.idle = std::chrono::seconds(pick(61, 3600));
  c.attempt.max_attempts = static_cast<size_t>(pick(16, 60000));
  c.attempt.history = static_cast<size_t>(pick(0, 999));
  c.judge.fresh = std::chrono::seconds(pick(10, 299));
  ChangeServers(pick(0, 9), pick(11, 90), &c.servers);
  ChangeSteering(pick(1, 99), &c.steer);
  ChangeSelfReport(pick(0, 900), &c.self_report);
  c.listen_health_only = {"0.0.0.0:" + std::to_string(pick(0, 65535))};
  c.tls = {"/etc/tls/crt", "/etc/tls/key", "/etc/tls/ca " + std::to_string(pick(0, 99))};
  c.admin_socket = "/run/a.sock";
  c.longest_override = std::chrono::minutes(pick(1, 600));
  c.on_transition = {{"/bin/hook", "an \"argument\""}, std::chrono::seconds(pick(11, 60))};
  c.state_file = "off";
  c.limits = {static_cast<uint32_t>(pick(1, 999)),   static_cast<size_t>(pick(500, 19999)),
              static_cast<size_t>(pick(1, 499)),     pick(1024, 65535),
              static_cast<size_t>(pick(1001, 9999)), static_cast<size_t>(pick(1001, 9999))};
  c.listen_grpc = {"[::]:" + std::to_string(pick(0, 65535)), "unix:/run/candor.sock"};
  c.web.http_listen = {"0.0.0.0:" + std::to_string(pick(1, 65535))};
  c.web.agent_listen = {};
  c.web.max_connections = static_cast<size_t>(pick(1, 255));
  c.web.max_header_bytes = static_cast<size_t>(pick(256, 8191));
  c.web.request_timeout = c.web.write_timeout = std::chrono::milliseconds(pick(10, 4999));
  c.web.idle_timeout = std::chrono::seconds(pick(76, 3600));
  c.blind_policy = BlindPolicy::kNotServing;
  c.log_level = LogLevel::kTrace;
  return c;
}

TEST(ConfigPrint, AnyConfigSurvivesPrintingAndParsing) {
  const std::string defaults = PrintConfig(Config{});
  for (unsigned seed = 0; seed < 200; ++seed) {
    const Config before = Changed(seed);
    const std::string printed = PrintConfig(before);
    const auto parsed = ParseConfig(printed);
    ASSERT_TRUE(parsed) << parsed.error().front().ToString("printed") << "\n" << printed;
    EXPECT_EQ(PrintConfig(*parsed), printed);
    EXPECT_EQ(parsed->source.cgroup, before.source.cgroup);
    EXPECT_EQ(parsed->judge.false_alarms_per_month, before.judge.false_alarms_per_month);
    EXPECT_EQ(parsed->judge.trusted_sources, before.judge.trusted_sources);
    EXPECT_EQ(parsed->self_report.service, "null");
    EXPECT_EQ(parsed->servers.known, before.servers.known);
  }
}

TEST(ConfigPrint, NoSettingIsLeftOut) {
  // Line by line, a Config that differs everywhere must print differently from the defaults.
  std::istringstream a(PrintConfig(Config{})), b(PrintConfig(Changed(1)));
  for (std::string left, right; std::getline(a, left) && std::getline(b, right);) {
    const bool value = left.find(": ") != std::string::npos && left.find('#') == std::string::npos;
    if (value && left.find("http:") == std::string::npos) {  // http excludes grpc, so it stays empty
      EXPECT_NE(left, right);
    }
  }
}

}  // namespace
}  // namespace candor
