// SPDX-License-Identifier: Apache-2.0
#include "cli/render/enum_names.h"

#include <gtest/gtest.h>

namespace candor::cli {
namespace {

// Every value of the protocol has a word, which parses to that value.
template <class E, class Name, class Parse>
void ExpectAllNamed(const google::protobuf::EnumDescriptor* described, int first, Name name, Parse parse) {
  for (int i = 0; i < described->value_count(); ++i) {
    const int number = described->value(i)->number();
    if (number < first) continue;
    const E value = static_cast<E>(number);
    const std::string word = name(value);
    EXPECT_NE(word.front(), '?') << described->value(i)->name();
    EXPECT_EQ(parse(word), value) << word;
  }
}

TEST(Names, EveryStateAndOutcomeHasAWordThatParses) {
  ExpectAllNamed<pb::State>(pb::State_descriptor(), 1, StateName, ParseState);
  ExpectAllNamed<pb::Outcome>(pb::Outcome_descriptor(), 1, OutcomeName, ParseOutcome);
  ExpectAllNamed<pb::WaitingOn>(pb::WaitingOn_descriptor(), 1, WaitingOnName, ParseWaitingOn);
}

TEST(Names, EveryPhaseAndSelfReportHasAWord) {
  for (int i = 0; i < pb::Phase_descriptor()->value_count(); ++i) {
    EXPECT_NE(PhaseName(static_cast<pb::Phase>(i)).front(), '?') << i;
  }
  for (int i = 0; i < pb::SelfReport::Answer_descriptor()->value_count(); ++i) {
    EXPECT_NE(SelfReportName(static_cast<pb::SelfReport::Answer>(i)).front(), '?') << i;
  }
}

TEST(Names, NoSideIsADashAndParsesAsNone) {
  EXPECT_EQ(WaitingOnName(pb::WAITING_ON_NONE), "-");
  EXPECT_EQ(ParseWaitingOn("none"), pb::WAITING_ON_NONE);
}

TEST(Names, AValueOfANewerProtocolShowsAsItsNumber) {
  EXPECT_EQ(StateName(static_cast<pb::State>(42)), "?42");
  EXPECT_EQ(StateHue(static_cast<pb::State>(42)), Hue::kPlain);
  EXPECT_EQ(OutcomeName(pb::OUTCOME_UNSPECIFIED), "?0");
}

TEST(Names, WordsParseInAnyCaseAndOnlyWhole) {
  EXPECT_EQ(ParseState("failing"), pb::FAILING);
  EXPECT_EQ(ParseOutcome("Early_Drop"), pb::EARLY_DROP);
  EXPECT_EQ(ParseState("fail"), std::nullopt);
  EXPECT_EQ(ParseState(""), std::nullopt);
}

TEST(Names, OnlyGoodStatesAreGreenAndOnlyFailingIsRed) {
  EXPECT_EQ(StateHue(pb::HEALTHY), Hue::kGreen);
  EXPECT_EQ(StateHue(pb::FAILING), Hue::kRed);
  EXPECT_EQ(StateHue(pb::BLIND), Hue::kMagenta);
  EXPECT_EQ(ServingHue(false), Hue::kRed);
}

}  // namespace
}  // namespace candor::cli
