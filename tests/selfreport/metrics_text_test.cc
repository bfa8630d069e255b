// SPDX-License-Identifier: Apache-2.0
#include "selfreport/metrics_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace candor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string Error(std::string_view text) {
  const auto read = ReadMetrics(text, [](const MetricSample&) {});
  return read ? "" : read.error().message;
}

// "name{label=value;...}=number"
std::vector<std::string> Samples(std::string_view text) {
  std::vector<std::string> out;
  const auto read = ReadMetrics(text, [&](const MetricSample& s) {
    std::string line = std::string(s.name) + "{";
    for (const auto& [name, value] : s.labels) line += std::string(name) + "=" + value + ";";
    out.push_back(line + "}=" + std::to_string(s.value));
  });
  EXPECT_TRUE(read) << read.error().message;
  return out;
}

TEST(ReadMetrics, ReadsNamesLabelsAndNumbers) {
  EXPECT_THAT(
      Samples("# HELP a what it is\n# TYPE a counter\na 1\n\nb:c{x=\"1\",y_2=\"two\"} 2.5 1700000000000\n"
              "  d {z = \"3\" , } 3e2\t-7  \n#e 1\nf{} +4"),
      ElementsAre("a{}=1.000000", "b:c{x=1;y_2=two;}=2.500000", "d{z=3;}=300.000000", "f{}=4.000000"));
}

TEST(ReadMetrics, ReadsEscapesAndBytesBeyondAscii) {
  EXPECT_THAT(Samples("a{p=\"C:\\\\x\",q=\"say \\\"hi\\\"\",r=\"two\\nlines\",s=\"na\xc3\xafve}, {\"} 1\n"),
              ElementsAre("a{p=C:\\x;q=say \"hi\";r=two\nlines;s=na\xc3\xafve}, {;}=1.000000"));
}

TEST(ReadMetrics, ReadsWhatIsNoFiniteNumber) {
  std::vector<double> values;
  ASSERT_TRUE(ReadMetrics("a NaN\na +Inf\na -Inf\na 1e999\na -1e999\na 1e-999\n",
                          [&](const MetricSample& s) { values.push_back(s.value); }));
  ASSERT_EQ(values.size(), 6u);
  EXPECT_TRUE(std::isnan(values[0]));
  EXPECT_EQ(values[1], std::numeric_limits<double>::infinity());
  EXPECT_EQ(values[2], -std::numeric_limits<double>::infinity());
  EXPECT_EQ(values[3], std::numeric_limits<double>::infinity());
  EXPECT_EQ(values[4], -std::numeric_limits<double>::infinity());
  EXPECT_EQ(values[5], 0);
}

TEST(ReadMetrics, RefusesEveryOtherLineAndNamesIt) {
  EXPECT_EQ(Error("a 1\n<html>\n"), "line 2 of the metrics: expected a name");
  for (const char* line : {"1a 1",
                           "a",
                           "a{",
                           "a{x}",
                           "a{x=1} 1",
                           "a{x=\"1} 1",
                           "a{x=\"\\t\"} 1",
                           "a{x=\"1\"y=\"2\"} 1",
                           "a{x:y=\"1\"} 1",
                           "a{,} 1",
                           "a one",
                           "a 1 2 3",
                           "a 1 soon",
                           "a ++1",
                           "a 0x10",
                           "a{x=\"1\"}",
                           "a 1_000",
                           "a\"b\" 1",
                           "{x=\"1\"} 1",
                           "a nan(x)",
                           "a NaN()",
                           "a 1e"}) {
    EXPECT_THAT(Error(line), HasSubstr("line 1 of the metrics: expected")) << line;
  }
}

TEST(ReadMetrics, ReadsUpToTheFirstError) {
  int seen = 0;
  EXPECT_FALSE(ReadMetrics("a 1\nb 2\n?\nc 3\n", [&](const MetricSample&) { ++seen; }));
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace candor
