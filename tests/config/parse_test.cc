// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.h"

namespace candor {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// All errors as a person sees them.
std::vector<std::string> Errors(std::string_view yaml) {
  const auto parsed = ParseConfig(yaml);
  std::vector<std::string> out;
  if (parsed) return out;
  for (const ConfigError& e : parsed.error()) out.push_back(e.ToString("c.yaml"));
  return out;
}

Config Parsed(std::string_view yaml) {
  const auto parsed = ParseConfig(yaml);
  EXPECT_TRUE(parsed) << Errors(yaml).front();
  return parsed.value_or(Config{});
}

TEST(ConfigParse, AnEmptyFileMeansTheDefaults) {
  for (const char* text : {"", "\n\n", "# only a comment\n", "---\n", "{}\n"}) {
    EXPECT_EQ(PrintConfig(Parsed(text)), PrintConfig(Config{})) << text;
  }
}

TEST(ConfigParse, EverySettingReachesItsPlace) {
  const Config c = Parsed(R"(
source: pcap:eth0
cgroup: /sys/fs/cgroup/media.slice
ports: 20000-30000
max_flows: 1000
load_deadline: 3s
false_alarms_per_month: 0.5
smallest_share: 0.2
trusted_sources: [192.0.2.0/24, "2001:db8::7"]
network_bits: {v4: 24, v6: 48}
deadline: 12s
response_timeout: 2s
media_timeout: 4s
early_drop: 20s
idle: 90s
max_attempts: 5000
history: 10
fresh: 2m
self_report:
  grpc: unix:/run/node.sock
  service: media
  prometheus: "http://127.0.0.1:6789/metrics"
  interval: 2s
  timeout: 500ms
listen:
  grpc: [0.0.0.0:7460, "unix:/run/candor.sock", "[::1]:0"]
blind_policy: not_serving
log_level: debug
)");
  EXPECT_EQ(c.source.choice.interface, "eth0");
  EXPECT_EQ(c.source.cgroup, "/sys/fs/cgroup/media.slice");
  EXPECT_EQ(c.source.ports, (PortRange{20000, 30000}));
  EXPECT_EQ(c.source.max_flows, 1000U);
  EXPECT_EQ(c.source.load_deadline, seconds(3));
  EXPECT_DOUBLE_EQ(c.judge.false_alarms_per_month, 0.5);
  EXPECT_DOUBLE_EQ(c.judge.smallest_share, 0.2);
  ASSERT_EQ(c.judge.trusted_sources.size(), 2U);
  EXPECT_EQ(c.judge.trusted_sources[1].ToString(), "2001:db8::7/128");
  EXPECT_EQ(c.judge.network_bits_v4, 24);
  EXPECT_EQ(c.judge.network_bits_v6, 48);
  EXPECT_EQ(c.attempt.deadline, seconds(12));
  EXPECT_EQ(c.judge.deadline, seconds(12))
      << "the tracker and the judge must agree when an attempt has failed";
  EXPECT_EQ(c.attempt.response_timeout, seconds(2));
  EXPECT_EQ(c.attempt.media_timeout, seconds(4));
  EXPECT_EQ(c.attempt.early, seconds(20));
  EXPECT_EQ(c.attempt.idle, seconds(90));
  EXPECT_EQ(c.attempt.max_attempts, 5000U);
  EXPECT_EQ(c.attempt.history, 10U);
  EXPECT_EQ(c.judge.fresh, seconds(120));
  EXPECT_EQ(c.self_report.grpc, "unix:/run/node.sock");
  EXPECT_EQ(c.self_report.service, "media");
  EXPECT_EQ(c.self_report.prometheus, "http://127.0.0.1:6789/metrics");
  EXPECT_EQ(c.self_report.interval, seconds(2));
  EXPECT_EQ(c.self_report.timeout, std::chrono::milliseconds(500));
  EXPECT_THAT(c.listen_grpc, ElementsAre("0.0.0.0:7460", "unix:/run/candor.sock", "[::1]:0"));
  EXPECT_EQ(c.blind_policy, BlindPolicy::kNotServing);
  EXPECT_EQ(c.log_level, LogLevel::kDebug);
}

TEST(ConfigParse, EveryErrorOfAFileIsNamedWithItsPlace) {
  EXPECT_THAT(
      Errors("deadine: 10s\nports: 9-1\nself_report:\n  intervall: 1s\n  timeout: soon\nmax_flows: 1\n"),
      ElementsAre("c.yaml:1:1: unknown setting 'deadine'; did you mean deadline?",
                  "c.yaml:2:8: ports: expected ports with the lower one first, not '9-1'",
                  "c.yaml:4:3: unknown setting 'self_report.intervall'; did you mean self_report.interval?",
                  "c.yaml:5:12: self_report.timeout: expected a duration like 500ms, 2s or 10m, not 'soon'",
                  "c.yaml:6:12: max_flows: expected 64 to 16777216, not 1"));
}

TEST(ConfigParse, AnUnknownSettingUnlikeAllOthersGetsNoSuggestion) {
  EXPECT_THAT(Errors("colour: red\n"), ElementsAre("c.yaml:1:1: unknown setting 'colour'"));
}

TEST(ConfigParse, ASettingMayStandOnlyOnce) {
  EXPECT_THAT(Errors("fresh: 1m\ncgroup: auto\nfresh: 2m\n"),
              ElementsAre("c.yaml:3:1: fresh is already set on line 1"));
}

TEST(ConfigParse, AnEmptyValueIsAnErrorAndNotADefault) {
  EXPECT_THAT(Errors("cgroup:\nfresh: 1m\n"),
              ElementsAre("c.yaml:1:1: cgroup: expected a value, or leave the line out"));
  EXPECT_THAT(Errors("listen:\n"),
              ElementsAre("c.yaml:1:1: listen: expected settings below it, each as 'name: value'"));
}

TEST(ConfigParse, ShapesAreChecked) {
  EXPECT_THAT(Errors("trusted_sources: 192.0.2.1\n"),
              ElementsAre("c.yaml:1:1: trusted_sources: expected a list like [a, b]"));
  EXPECT_THAT(Errors("fresh: [1m]\n"), ElementsAre("c.yaml:1:8: fresh: expected one value"));
  EXPECT_THAT(Errors("self_report: yes\n"),
              ElementsAre("c.yaml:1:1: self_report: expected settings below it, each as 'name: value'"));
  EXPECT_THAT(Errors("- a\n"), ElementsAre("c.yaml:1:1: expected settings, each as 'name: value'"));
  EXPECT_THAT(Errors("just words\n"), ElementsAre("c.yaml:1:1: expected settings, each as 'name: value'"));
  EXPECT_THAT(Errors("? [a]\n: 1\n"), ElementsAre("c.yaml:1:3: expected the name of a setting here"));
  EXPECT_THAT(Errors("fresh: 1m\n---\nfresh: 2m\n"),
              ElementsAre(HasSubstr("expected one YAML document, found another here")));
}

TEST(ConfigParse, BrokenYamlIsOneErrorAtItsPlace) {
  EXPECT_THAT(Errors("fresh: 1m\n idle: 2m\n"), ElementsAre("c.yaml:2:6: not YAML: illegal map value"));
}

TEST(ConfigParse, WhatYamlCppWouldReadForEverIsOneErrorAtItsPlace) {
  for (const char* text : {",", "\n  ,\n", "]", "}"}) {
    EXPECT_THAT(Errors(text), ElementsAre(HasSubstr(": "))) << text;
  }
  EXPECT_THAT(Errors(","), ElementsAre("c.yaml:1:1: expected settings, each as 'name: value'"));
}

TEST(ConfigParse, ASecondDocumentIsNotSwallowedByAnEmptyFirstOne) {
  EXPECT_THAT(Errors("---\n---\ndedline: 5s\n"),
              ElementsAre("c.yaml:2:1: expected one YAML document, found another here"));
}

TEST(ConfigParse, EachWrongItemOfAListIsNamed) {
  EXPECT_THAT(
      Errors("trusted_sources: [10.0.0.0/8, nowhere, 192.0.2.0/33]\n"),
      ElementsAre(
          HasSubstr("c.yaml:1:31: trusted_sources: 'nowhere' is not an IP address"),
          HasSubstr("c.yaml:1:40: trusted_sources: '192.0.2.0/33': the prefix length must be 0 to 32")));
}

TEST(ConfigParse, AddressesAndUrlsAreChecked) {
  for (const char* bad :
       {"7460", "localhost", ":7460", "host:99999", "::1:7460", "unix:run/x", "http://a:1", "a b:1"}) {
    EXPECT_THAT(Errors("listen: {grpc: [\"" + std::string(bad) + "\"]}"),
                ElementsAre(HasSubstr("expected HOST:PORT or unix:/path")))
        << bad;
  }
  EXPECT_THAT(Errors("self_report: {grpc: \"host:0\"}"),
              ElementsAre(HasSubstr("expected HOST:PORT or unix:/path")));
  EXPECT_THAT(Errors("self_report: {http: \"127.0.0.1:7880\"}"),
              ElementsAre(HasSubstr("expected a URL like")));
  EXPECT_THAT(Errors("self_report: {http: \"https://\"}"), ElementsAre(HasSubstr("expected a URL like")));
  EXPECT_THAT(Errors("self_report: {prometheus: \"127.0.0.1:6789\"}"),
              ElementsAre(HasSubstr("self_report.prometheus: expected a URL like")));
  for (const char* setting : {"http", "prometheus"}) {
    const auto errors =
        Errors("self_report: {" + std::string(setting) + ": \"http://me:secret@127.0.0.1:6789/\"}");
    EXPECT_THAT(errors, ElementsAre(HasSubstr("expected a URL without a name and a password"))) << setting;
    EXPECT_THAT(errors, ElementsAre(testing::Not(HasSubstr("secret")))) << "errors are shown, too";
  }
  EXPECT_THAT(Errors("self_report: {prometheus: \"http://127.0.0.1:6789/m?a@b\"}"), testing::IsEmpty());
  EXPECT_THAT(Errors("cgroup: media.slice"), ElementsAre(HasSubstr("expected auto or an absolute path")));
}

TEST(ConfigParse, RulesBetweenSettingsPointAtTheSettingToChange) {
  EXPECT_THAT(Errors("deadline: 5s\nresponse_timeout: 6s\nmedia_timeout: 1s\n"),
              ElementsAre("c.yaml:2:1: response_timeout: expected less than deadline (5s), not 6s"));
  EXPECT_THAT(
      Errors("self_report:\n  http: http://a/\n  grpc: a:1\n"),
      ElementsAre(
          "c.yaml:3:3: self_report.grpc: expected only one of self_report.http and self_report.grpc"));
  EXPECT_THAT(Errors("self_report: {service: media}\n"), ElementsAre(HasSubstr("HTTP has no services")));
  EXPECT_THAT(Errors("listen: {grpc: []}\n"), ElementsAre(HasSubstr("at least one address")));
  EXPECT_THAT(Errors("listen: {grpc: [a:1, a:1]}\n"), ElementsAre(HasSubstr("each address once")));
}

TEST(ConfigParse, ARuleBrokenByADefaultIsReportedWithoutALine) {
  EXPECT_THAT(Errors("deadline: 3s\n"),
              ElementsAre("c.yaml: media_timeout: expected less than deadline (3s), not 3200ms"));
}

TEST(ConfigParse, ATranslatorsPrefixHasALengthOfItsRfc) {
  EXPECT_THAT(
      Errors("nat64_prefixes: [\"2001:db8::/95\", 192.0.2.0/24]\n"),
      ElementsAre(HasSubstr("expected an IPv6 prefix of 32, 40, 48, 56, 64 or 96 bits (RFC 6052), not "
                            "'2001:db8::/95'"),
                  HasSubstr("not '192.0.2.0/24'")));
}

}  // namespace
}  // namespace candor
