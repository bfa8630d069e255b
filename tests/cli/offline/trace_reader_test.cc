// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/trace_reader.h"

#include <gtest/gtest.h>

#include <sstream>
#include <vector>

namespace candor {
namespace {

const char* kFirst = R"({"t":1,"e":"attempt","id":7,"ip":"203.0.113.9"})";

// The error of the last line of `text`; empty when all is well.
std::string ErrorOf(const std::string& text) {
  std::istringstream in(text);
  TraceReader reader(in, Time(std::chrono::seconds(1)));
  while (true) {
    const auto e = reader.Next();
    if (!e) return e.error().message;
    if (!e->has_value()) return "";
  }
}

std::string After(const std::string& line) { return ErrorOf(std::string(kFirst) + "\n" + line + "\n"); }

TEST(TraceReader, ReadsEveryKindOfLine) {
  std::istringstream in(std::string(kFirst) + "\n" +
                        R"({"t":1.5,"e":"ack","id":7,"waiting_on":"node","alive":true})" + "\n" +
                        R"( { "id" : 7 , "e" : "active" , "t" : 2.25 } )" + "\n");
  TraceReader reader(in, Time(std::chrono::seconds(1)));
  const auto a = reader.Next(), b = reader.Next(), c = reader.Next(), end = reader.Next();
  ASSERT_TRUE(a && b && c && end);
  EXPECT_EQ((*a)->peer.ToString(), "203.0.113.9");
  EXPECT_EQ((*a)->at, Time(std::chrono::seconds(2)));
  EXPECT_EQ((*b)->waiting_on, WaitingOn::kNode);
  EXPECT_EQ((*b)->peer_alive, true);
  EXPECT_EQ((*c)->kind, AttemptEvent::Kind::kActive);
  EXPECT_EQ((*c)->waiting_on, WaitingOn::kNode) << "holds until it is changed";
  EXPECT_FALSE(end->has_value());
}

TEST(TraceReader, MediaAddsUpAndAnAttemptWithoutAWordOfItIsNotKnownToHaveNone) {
  std::istringstream in(std::string(kFirst) + "\n" + R"({"t":2,"e":"ack","id":7})" + "\n" +
                        R"({"t":2.1,"e":"active","id":7,"media":"data_in,rtp_in"})" + "\n" +
                        R"({"t":2.2,"e":"media","id":7,"media":"rtp_out"})" + "\n" +
                        R"({"t":2.3,"e":"media","id":7,"media":"none"})" + "\n" +
                        R"({"t":2.4,"e":"attempt","id":8,"ip":"203.0.113.8","media":"none"})" + "\n");
  TraceReader reader(in, Time(std::chrono::seconds(1)));
  std::vector<AttemptEvent> events;
  for (int i = 0; i < 6; ++i) {
    const auto e = reader.Next();
    ASSERT_TRUE(e && *e) << (e ? "" : e.error().message);
    events.push_back(**e);
  }
  EXPECT_FALSE(events[0].media_known || events[1].media_known);
  EXPECT_TRUE(events[2].media_known);
  EXPECT_EQ(events[2].media, kRtpIn | kDataIn);
  EXPECT_EQ(events[3].kind, AttemptEvent::Kind::kMedia);
  EXPECT_EQ(events[3].media, kRtpIn | kDataIn | kRtpOut);
  EXPECT_EQ(events[4].media, kRtpIn | kDataIn | kRtpOut) << "bits are never taken back";
  EXPECT_TRUE(events[5].media_known);
  EXPECT_EQ(events[5].media, 0);
}

TEST(TraceReader, AMicrosecondOfDisorderIsToleratedMoreIsNot) {
  EXPECT_EQ(After(R"({"t":0.9999995,"e":"ack","id":7})"), "");
  EXPECT_NE(After(R"({"t":0.99,"e":"ack","id":7})").find("line 2, column 1: t = 0.99 after t = 1"),
            std::string::npos);
}

TEST(TraceReader, AnErrorNamesItsLineAndColumn) {
  EXPECT_EQ(After(R"({"t":2,"e":"ack","id":7,"x":1})"), "line 2, column 25: unknown field \"x\"");
  EXPECT_EQ(After(R"({"t":2,"e":"media","id":9,"media":"none"})"),
            "line 2, column 1: no attempt with id 9 came before");
  EXPECT_EQ(After(R"({"t":2,"e":"attempt","id":7,"ip":"1.2.3.4"})"),
            "line 2, column 1: a second attempt with id 7");
}

TEST(AttemptHistories, RemembersSparseAndDenseNumbers) {
  AttemptHistories histories;
  for (uint64_t id : {uint64_t{1}, uint64_t{64}, uint64_t{1} << 60, UINT64_MAX}) {
    EXPECT_EQ(histories.Of(id), 0);
    histories.Of(id) = AttemptHistories::kOffered;
  }
  EXPECT_EQ(histories.Of(1), AttemptHistories::kOffered);
  EXPECT_EQ(histories.Of(UINT64_MAX), AttemptHistories::kOffered);
  EXPECT_EQ(histories.Of(2), 0);
}

struct Sequence {
  const char* kinds;  // of the attempt's lines after its first
  const char* error;  // of the last of them; empty: all is well
};

class Sequences : public testing::TestWithParam<Sequence> {};

TEST_P(Sequences, EndAtTheFirstImpossibleEvent) {
  std::istringstream kinds(GetParam().kinds);
  std::string text = std::string(kFirst) + "\n", kind;
  int line = 1;
  for (; kinds >> kind; ++line) text += R"({"t":2,"e":")" + kind + R"(","id":7})" + "\n";
  const std::string error = GetParam().error;
  const std::string where = "line " + std::to_string(line) + ", column 1: ";
  EXPECT_EQ(ErrorOf(text), error.empty() ? error : where + error);
}

INSTANTIATE_TEST_SUITE_P(All, Sequences,
                         testing::Values(Sequence{"ack active close", ""}, Sequence{"active close", ""},
                                         Sequence{"close", ""}, Sequence{"ack active dead", ""},
                                         Sequence{"ack active dead close", ""},
                                         Sequence{"ack ack", "a second ack of attempt 7"},
                                         Sequence{"active ack", "attempt 7 was active before this ack"},
                                         Sequence{"ack active active", "attempt 7 was active before"},
                                         Sequence{"close close", "attempt 7 was closed before"},
                                         Sequence{"ack close active", "attempt 7 was closed before"},
                                         Sequence{"close ack", "attempt 7 was closed before"},
                                         Sequence{"ack dead", "attempt 7 dies without having been active"},
                                         Sequence{"active dead dead", "attempt 7 died before"},
                                         Sequence{"active dead active", "attempt 7 died before"},
                                         Sequence{"active close dead", "attempt 7 was closed before"}));

}  // namespace
}  // namespace candor
