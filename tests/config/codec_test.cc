// SPDX-License-Identifier: Apache-2.0
#include "config/codec.h"

#include <gtest/gtest.h>

#include <limits>

namespace candor::config {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

template <class T>
T Decoded(std::string_view text) {
  T value{};
  const auto done = Decode(text, value);
  EXPECT_TRUE(done) << text << ": " << (done ? "" : done.error().message);
  return value;
}

template <class T>
std::string Refusal(std::string_view text) {
  T value{};
  const auto done = Decode(text, value);
  EXPECT_FALSE(done) << text;
  return done ? std::string() : done.error().message;
}

TEST(ConfigCodec, ADurationIsAWholeNumberWithAUnit) {
  EXPECT_EQ(Decoded<Duration>("2s"), seconds(2));
  EXPECT_EQ(Decoded<Duration>("500ms"), milliseconds(500));
  EXPECT_EQ(Decoded<Duration>("10m"), minutes(10));
  EXPECT_EQ(Decoded<Duration>("1h"), hours(1));
  EXPECT_EQ(Decoded<Duration>("7us"), std::chrono::microseconds(7));
  EXPECT_EQ(Decoded<Duration>("9ns"), Duration(9));
  EXPECT_EQ(Decoded<Duration>("0s"), Duration(0));
}

TEST(ConfigCodec, AnythingElseIsNoDuration) {
  for (const char* text :
       {"", "2", "s", "2 s", "-2s", "1.5s", "2S", "2sec", "9999999999h", "99999999999999999999s"}) {
    EXPECT_EQ(Refusal<Duration>(text),
              "expected a duration like 500ms, 2s or 10m, not '" + std::string(text) + "'");
  }
}

TEST(ConfigCodec, ADurationIsPrintedInTheLargestExactUnit) {
  EXPECT_EQ(Encode(Duration(seconds(90))), "90s");
  EXPECT_EQ(Encode(Duration(seconds(120))), "2m");
  EXPECT_EQ(Encode(Duration(milliseconds(1500))), "1500ms");
  EXPECT_EQ(Encode(Duration(0)), "0s");
}

TEST(ConfigCodec, NumbersTakeNothingButNumbers) {
  EXPECT_EQ(Decoded<int>("-3"), -3);
  EXPECT_DOUBLE_EQ(Decoded<double>("0.25"), 0.25);
  EXPECT_EQ(Refusal<uint32_t>("4294967296"),
            "expected a whole number from 0 to 4294967295, not '4294967296'");
  EXPECT_EQ(Refusal<uint64_t>("-1"), "expected a whole number, 0 or more, not '-1'");
  EXPECT_EQ(Refusal<int>("1.0"), "expected a whole number, not '1.0'");
  EXPECT_EQ(Refusal<double>("nan"), "expected a finite number, not 'nan'");
  EXPECT_EQ(Refusal<double>("0,5"), "expected a number, not '0,5'");
}

TEST(ConfigCodec, ADoublePrintsAsTheShortestTextThatReadsBack) {
  for (const double v : {0.1, 1.0 / 3.0, 1e-9, 12345678.9, std::numeric_limits<double>::min()}) {
    EXPECT_EQ(Decoded<double>(Encode(v)), v);
  }
  EXPECT_EQ(Encode(0.1), "0.1");
}

TEST(ConfigCodec, PortsAreARangeOrOnePort) {
  EXPECT_EQ(Decoded<PortRange>("20000-30000"), (PortRange{20000, 30000}));
  EXPECT_EQ(Decoded<PortRange>("5004"), (PortRange{5004, 5004}));
  EXPECT_EQ(Refusal<PortRange>("30000-20000"), "expected ports with the lower one first, not '30000-20000'");
  for (const char* text : {"", "-", "1-", "-1", "1-65536", "a-b", "1-2-3", "1 - 2"}) {
    EXPECT_EQ(Refusal<PortRange>(text),
              "expected ports like 20000-30000, within 0-65535, not '" + std::string(text) + "'");
  }
}

TEST(ConfigCodec, ASourceIsAutoBpfOrACaptureOfAnInterface) {
  EXPECT_EQ(Decoded<SourceChoice>("auto").kind, SourceChoice::Kind::kAuto);
  EXPECT_EQ(Decoded<SourceChoice>("bpf").kind, SourceChoice::Kind::kBpf);
  EXPECT_EQ(Decoded<SourceChoice>("pcap:eth0"), (SourceChoice{SourceChoice::Kind::kPcap, "eth0"}));
  EXPECT_EQ(Refusal<SourceChoice>("pcap:"), "expected auto | bpf | pcap:IFACE, not 'pcap:'");
  EXPECT_EQ(Refusal<SourceChoice>("ebpf"), "expected auto | bpf | pcap:IFACE, not 'ebpf'");
}

TEST(ConfigCodec, WordsAreTakenFromTheirList) {
  EXPECT_EQ(Decoded<LogLevel>("warn"), LogLevel::kWarn);
  EXPECT_EQ(Decoded<BlindPolicy>("not_serving"), BlindPolicy::kNotServing);
  EXPECT_EQ(Refusal<BlindPolicy>("fail"), "expected follow_self | not_serving, not 'fail'");
  for (const LogLevel v :
       {LogLevel::kTrace, LogLevel::kDebug, LogLevel::kInfo, LogLevel::kError, LogLevel::kOff}) {
    EXPECT_EQ(Decoded<LogLevel>(Encode(v)), v);
  }
}

TEST(ConfigCodec, TextWithControlCharactersIsRefused) {
  EXPECT_EQ(Refusal<std::string>("a\nb"), "expected text without control characters");
}

}  // namespace
}  // namespace candor::config
