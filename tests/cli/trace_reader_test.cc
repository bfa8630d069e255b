// SPDX-License-Identifier: Apache-2.0
#include "cli/trace_reader.h"

#include <gtest/gtest.h>

#include <sstream>

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
                        R"({"t":1.5,"e":"ack","id":7,"owed":"node","alive":true})" + "\n" +
                        R"( { "id" : 7 , "e" : "active" , "t" : 2.25 } )" + "\n");
  TraceReader reader(in, Time(std::chrono::seconds(1)));
  const auto a = reader.Next(), b = reader.Next(), c = reader.Next(), end = reader.Next();
  ASSERT_TRUE(a && b && c && end);
  EXPECT_EQ((*a)->peer.ToString(), "203.0.113.9");
  EXPECT_EQ((*a)->at, Time(std::chrono::seconds(2)));
  EXPECT_EQ((*b)->owed, Owed::kNode);
  EXPECT_EQ((*b)->peer_alive, true);
  EXPECT_EQ((*c)->kind, AttemptEvent::Kind::kActive);
  EXPECT_EQ((*c)->owed, Owed::kNode) << "what was said holds until something else is said";
  EXPECT_FALSE(end->has_value());
}

TEST(TraceReader, AMicrosecondOfDisorderIsToleratedMoreIsNot) {
  EXPECT_EQ(After(R"({"t":0.9999995,"e":"ack","id":7})"), "");
  EXPECT_NE(After(R"({"t":0.99,"e":"ack","id":7})").find("line 2, column 1: t = 0.99 after t = 1"),
            std::string::npos);
}

struct Mistake {
  const char* line;
  const char* error;
};

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreNamedWithLineAndColumn) {
  EXPECT_EQ(After(GetParam().line), std::string("line 2, ") + GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    All, Mistakes,
    testing::Values(
        Mistake{R"({"t":2,"e":"ack","id":7)", "column 24: expected '}', the line ends here"},
        Mistake{R"({"t":2,"e":"ack","id":7} x)", "column 26: more after the object's end"},
        Mistake{R"({"t":2,"e":"ack","id":7,"x":1})", "column 25: unknown field \"x\""},
        Mistake{R"({"t":2,"t":2,"e":"ack","id":7})", "column 8: field \"t\" appears twice"},
        Mistake{R"({"e":"ack","id":7})", "column 1: missing field \"t\""},
        Mistake{R"({"t":2,"id":7})", "column 1: missing field \"e\""},
        Mistake{R"({"t":2,"e":"ack"})", "column 1: missing field \"id\""},
        Mistake{R"({"t":2,"e":"attempt","id":8})", "column 1: missing field \"ip\""},
        Mistake{R"({"t":2,"e":"ack","id":7,"ip":"1.2.3.4"})",
                "column 1: field \"ip\" belongs to attempts only"},
        Mistake{R"({"t":"2","e":"ack","id":7})", "column 6: expected a number"},
        Mistake{R"({"t":-2,"e":"ack","id":7})", "column 6: \"t\" must be seconds from 0 to 1e9"},
        Mistake{R"({"t":2,"e":"nack","id":7})",
                "column 12: \"e\" must be attempt, ack, active, dead or close"},
        Mistake{R"({"t":2,"e":"ack","id":0})", "column 23: \"id\" must be a positive integer"},
        Mistake{R"({"t":2,"e":"ack","id":7.5})", "column 23: expected a positive integer of 64 bits"},
        Mistake{R"({"t":2,"e":"ack","id":7,"alive":1})", "column 33: expected true or false"},
        Mistake{R"({"t":2,"e":"ack","id":7,"owed":"us"})", "column 32: \"owed\" must be node, peer or path"},
        Mistake{R"({"t":2,"e":"ack","id":9})", "column 1: no attempt with id 9 came before"},
        Mistake{R"({"t":2,"e":"attempt","id":7,"ip":"1.2.3.4"})", "column 1: a second attempt with id 7"},
        Mistake{"", "column 1: expected '{', the line ends here"}, Mistake{"[]", "column 1: expected '{'"}));

TEST(SeenIds, RemembersSparseAndDenseNumbers) {
  SeenIds ids;
  for (uint64_t id : {uint64_t{1}, uint64_t{4096}, uint64_t{1} << 60, UINT64_MAX}) {
    EXPECT_FALSE(ids.Contains(id));
    EXPECT_TRUE(ids.Insert(id));
    EXPECT_FALSE(ids.Insert(id));
    EXPECT_TRUE(ids.Contains(id));
  }
  EXPECT_FALSE(ids.Contains(2));
}

}  // namespace
}  // namespace candor
