// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/trace_line.h"

#include <gtest/gtest.h>

#include <string>

namespace candor {
namespace {

std::string ErrorOf(const std::string& line) {
  const auto parsed = ParseTraceLine(line);
  return parsed ? "" : parsed.error().message;
}

std::string WithTime(const std::string& number) { return R"({"e":"ack","id":7,"t":)" + number + "}"; }
std::string WithId(const std::string& number) { return R"({"e":"ack","t":1,"id":)" + number + "}"; }

TEST(TraceLine, ReadsEveryField) {
  const auto line = ParseTraceLine(
      R"( { "id" : 7 , "e" : "ack" , "t" : 2.25, "waiting_on":"path","alive":false,"media":"rtp_in,data_out"})");
  ASSERT_TRUE(line) << line.error().message;
  EXPECT_EQ(line->t, 2.25);
  EXPECT_EQ(line->id, 7u);
  EXPECT_EQ(line->kind, AttemptEvent::Kind::kAcknowledged);
  EXPECT_EQ(line->waiting_on, WaitingOn::kPath);
  EXPECT_EQ(line->alive, false);
  EXPECT_EQ(line->media, kRtpIn | kDataOut);
  EXPECT_EQ(ErrorOf(R"({"t":1,"\u0065":"\u0061ck","id":7})"), "") << "escapes";
}

TEST(TraceLine, NumbersAreThoseOfJsonInTheirRange) {
  for (const char* good : {"0", "-0", "12.5", "1e3", "1E-3", "0.25"}) EXPECT_EQ(ErrorOf(WithTime(good)), "");
  for (const char* bad :
       {"", "+1", ".5", "1.", "1e", "-", "0x10", "01", "NaN", "inf", "1e999", "1e10", "-1"}) {
    EXPECT_NE(ErrorOf(WithTime(bad)), "") << bad;
  }
  EXPECT_EQ(ParseTraceLine(WithId("18446744073709551615"))->id, UINT64_MAX);
  for (const char* bad : {"-1", "-0", "0", "1.0", "1e2", "18446744073709551616", "\"1\"", "null"}) {
    EXPECT_EQ(ErrorOf(WithId(bad)), "column 23: \"id\" must be a positive integer of 64 bits") << bad;
  }
}

TEST(TraceLine, AnyDepthOfNestingIsAnErrorAtItsStart) {
  const std::string deep(100000, '[');
  EXPECT_EQ(ErrorOf(R"({"t":)" + deep), "column 6: \"t\" must be seconds from 0 to 1e9");
  EXPECT_EQ(ErrorOf(deep), "column 1: expected a JSON object");
}

struct Mistake {
  const char* line;
  const char* error;
};

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreNamedWithTheirColumn) { EXPECT_EQ(ErrorOf(GetParam().line), GetParam().error); }

INSTANTIATE_TEST_SUITE_P(
    All, Mistakes,
    testing::Values(
        Mistake{R"({"t":2,"e":"ack","id":7)",
                "column 24: syntax error while parsing object - unexpected end of input; expected '}'"},
        Mistake{R"({"t":2,"e":"ack","id":7} x)",
                "column 26: syntax error while parsing value - invalid literal; last read: '7} x'; expected "
                "end of "
                "input"},
        Mistake{R"({"t":2,"e":"ack","id":7,"x":1})", "column 25: unknown field \"x\""},
        Mistake{R"({"t":2,"t":2,"e":"ack","id":7})", "column 8: field \"t\" appears twice"},
        Mistake{R"({"e":"ack","id":7})", "column 1: missing field \"t\""},
        Mistake{R"({"t":2,"id":7})", "column 1: missing field \"e\""},
        Mistake{R"({"t":2,"e":"ack"})", "column 1: missing field \"id\""},
        Mistake{R"({"t":2,"e":"attempt","id":8})", "column 1: missing field \"ip\""},
        Mistake{R"({"t":2,"e":"media","id":7})", "column 1: missing field \"media\""},
        Mistake{R"({"t":2,"e":"ack","id":7,"ip":"1.2.3.4"})",
                "column 1: field \"ip\" belongs to attempts only"},
        Mistake{R"({"t":2,"e":"attempt","id":7,"ip":"1.2.3"})",
                "column 34: \"ip\" must be an IPv4 or IPv6 address"},
        Mistake{R"({"t":"2","e":"ack","id":7})", "column 6: \"t\" must be seconds from 0 to 1e9"},
        Mistake{R"({"t":-2,"e":"ack","id":7})", "column 6: \"t\" must be seconds from 0 to 1e9"},
        Mistake{R"({"t":2,"e":"nack","id":7})",
                "column 12: \"e\" must be attempt, ack, active, media, dead or close"},
        Mistake{R"({"t":2,"e":"ack","id": {}})", "column 24: \"id\" must be a positive integer of 64 bits"},
        Mistake{R"({"t":2,"e":"ack","id":7,"alive":1})", "column 33: \"alive\" must be true or false"},
        Mistake{R"({"t":2,"e":"ack","id":7,"waiting_on":"us"})",
                "column 38: \"waiting_on\" must be node, peer or path"},
        Mistake{R"({"t":2,"e":"ack","id":7,"media":"rtp"})",
                "column 33: \"media\" must be none, or some of rtp_in, rtp_out, data_in and data_out"},
        Mistake{R"({"t":2,"e":"ack","id":7,"media":"rtp_in,"})",
                "column 33: \"media\" must be none, or some of rtp_in, rtp_out, data_in and data_out"},
        Mistake{R"({"t":2,"e":"ack","id":7,"media":"none,rtp_in"})",
                "column 33: \"media\" must be none, or some of rtp_in, rtp_out, data_in and data_out"},
        Mistake{R"({"t":2,"e":"ack","id":7,"media":3})",
                "column 33: \"media\" must be none, or some of rtp_in, rtp_out, data_in and data_out"},
        Mistake{
            "",
            "column 1: syntax error while parsing value - unexpected end of input; expected '[', '{', or a "
            "literal"},
        Mistake{"[]", "column 1: expected a JSON object"}));

}  // namespace
}  // namespace candor
