// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/cli/fake_node.h"
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

void AddBoth(FakeNode& node) {
  *node.answers.attempts.add_attempts() = StalledAttempt();
  *node.answers.attempts.add_attempts() = ActiveAttempt();
}

TEST(Attempts, AreATableWithAlignedColumns) {
  FakeNode node;
  AddBoth(node);
  const Ran ran = Ctl(node.address(), "attempts");
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out,
            "  ID         AGE  OUTCOME  PHASE    WAITING ON  ACTIVE AFTER  PEER                LOCAL         "
            "   KEY   "
            "NOTES\n"
            "4711  1 min 15 s  stalled  secured  node                   -  203.0.113.9:51234   "
            "192.0.2.10:7882  uFr4  "
            "peer alive, 2 flows, 3 repeats\n"
            "  98         3 h  active   active   -                 310 ms  [2001:db8::7]:4000  "
            "192.0.2.10:7882  zz\n");
}

TEST(Attempts, NotesHaveOtherObservations) {
  FakeNode node;
  pb::Attempt* attempt = node.answers.attempts.add_attempts();
  attempt->set_stun_error(401);
  attempt->set_alert(40);
  EXPECT_THAT(Ctl(node.address(), "attempts").out,
              HasSubstr("unacknowledged, STUN error 401, DTLS alert 40\n"));
}

TEST(Attempts, FiltersGoToCandord) {
  FakeNode node;
  const Ran ran =
      Ctl(node.address(),
          "attempts --outcome stalled,EARLY_DROP,active --waiting-on node --waiting-on none --limit 20");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, "no attempts\n");
  const auto& request = node.answers.attempts_request;
  EXPECT_THAT(request.outcome(), ElementsAre(pb::STALLED, pb::EARLY_DROP, pb::BECAME_ACTIVE));
  EXPECT_THAT(request.waiting_on(), ElementsAre(pb::WAITING_ON_NODE, pb::WAITING_ON_NONE));
  EXPECT_EQ(request.page_size(), 20u);
}

TEST(Attempts, WarnThatThereAreMore) {
  FakeNode node;
  AddBoth(node);
  node.answers.attempts.set_more(true);
  EXPECT_EQ(Ctl(node.address(), "attempts").err, "there are more; raise --limit (at most 1000)\n");
}

TEST(Attempts, JsonIsAnAttemptALine) {
  FakeNode node;
  AddBoth(node);
  const Ran ran = Ctl(node.address(), "attempts -o json");
  std::istringstream lines(ran.out);
  std::string line;
  for (const pb::Attempt& expected : node.answers.attempts.attempts()) {
    ASSERT_TRUE(std::getline(lines, line));
    pb::Attempt back;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(line, &back).ok()) << line;
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(back, expected)) << line;
  }
  EXPECT_FALSE(std::getline(lines, line));
}

TEST(Attempts, AUfragThatAPeerChoseCannotDriveTheTerminal) {
  FakeNode node;
  pb::Attempt attempt = StalledAttempt();
  attempt.set_key(kHostile);
  attempt.set_peer(kHostile);
  attempt.set_local(kHostile);
  *node.answers.attempts.add_attempts() = attempt;
  const std::string out = Ctl(node.address(), "attempts").out;
  EXPECT_THAT(out, HasSubstr(kHostileShown));
  for (const char c : out) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_THAT(out, Not(HasSubstr("\xc2\x9b")));
}

TEST(Attempts, BadFiltersNameWhatIsExpected) {
  const Ran outcome = Ctl("", "attempts --outcome stalled,lost");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("lost not in {pending,active,stalled,"));
  EXPECT_THAT(Ctl("", "attempts --waiting-on me").err, HasSubstr("me not in {none,node,peer,path}"));
  for (const char* limit : {"0", "1001", "-1", "many"}) {
    EXPECT_EQ(Ctl("", std::string("attempts --limit ") + limit).code, 1) << limit;
  }
}

}  // namespace
}  // namespace candor::cli
