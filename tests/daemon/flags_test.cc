// SPDX-License-Identifier: Apache-2.0
#include "daemon/flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/exit_code.h"

namespace candor::daemon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

ParsedFlags Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "candord");
  return ParseFlags(static_cast<int>(arguments.size()), arguments.data());
}

TEST(Flags, NoneMeansTheDefaultFileIfItExists) {
  const ParsedFlags p = Parse({});
  ASSERT_TRUE(p.flags);
  EXPECT_EQ(p.flags->config_file, "/etc/candor/candor.yaml");
  EXPECT_FALSE(p.flags->config_named);
  EXPECT_THAT(p.flags->settings, IsEmpty());
}

TEST(Flags, EachNamesItsSetting) {
  const ParsedFlags p =
      Parse({"--config", "c.yaml", "--source", "bpf", "--cgroup", "/a", "--listen", "a:1", "--listen", "b:2",
             "--trusted", "192.0.2.1,192.0.2.2", "--log-level", "debug"});
  ASSERT_TRUE(p.flags) << p.text;
  EXPECT_EQ(p.flags->config_file, "c.yaml");
  EXPECT_TRUE(p.flags->config_named);
  EXPECT_THAT(p.flags->settings,
              ElementsAre(Pair("source", ElementsAre("bpf")), Pair("cgroup", ElementsAre("/a")),
                          Pair("listen.grpc", ElementsAre("a:1", "b:2")),
                          Pair("trusted_sources", ElementsAre("192.0.2.1", "192.0.2.2")),
                          Pair("log_level", ElementsAre("debug"))));
}

TEST(Flags, AskingTheNodeOneWayReplacesTheOtherWayOfTheFile) {
  EXPECT_THAT(
      Parse({"--self-report-http", "http://a/"}).flags->settings,
      ElementsAre(Pair("self_report.grpc", ElementsAre("")), Pair("self_report.service", ElementsAre("")),
                  Pair("self_report.http", ElementsAre("http://a/"))));
  EXPECT_THAT(
      Parse({"--self-report-grpc", "a:1"}).flags->settings,
      ElementsAre(Pair("self_report.http", ElementsAre("")), Pair("self_report.grpc", ElementsAre("a:1"))));
  EXPECT_EQ(Parse({"--self-report-grpc", "a:1", "--self-report-http", "http://a/"}).exit_code, kExitUsage);
}

TEST(Flags, WrongOnesEndWithTheUsageCodeAndAHint) {
  for (const auto& arguments :
       std::vector<std::vector<const char*>>{{"--sauce", "bpf"}, {"stray"}, {"--source"}}) {
    const ParsedFlags p = Parse(arguments);
    EXPECT_FALSE(p.flags);
    EXPECT_EQ(p.exit_code, kExitUsage);
    EXPECT_THAT(p.text, HasSubstr("--help"));
  }
}

TEST(Flags, HelpTeachesRightsSignalsAndExitCodes) {
  const ParsedFlags p = Parse({"--help"});
  EXPECT_FALSE(p.flags);
  EXPECT_EQ(p.exit_code, kExitClean);
  for (const char* wanted :
       {"--config", "--print-config", "candorctl", "Examples:", "CAP_BPF", "SIGTERM",
        "0 clean stop, 1 wrong arguments or configuration, 2 an address cannot be served"}) {
    EXPECT_THAT(p.text, HasSubstr(wanted));
  }
}

TEST(Flags, VersionIsOneLine) {
  const ParsedFlags p = Parse({"--version"});
  EXPECT_EQ(p.exit_code, kExitClean);
  EXPECT_EQ(p.text, std::string("candord ") + CANDOR_VERSION + "\n");
}

}  // namespace
}  // namespace candor::daemon
