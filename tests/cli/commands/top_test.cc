// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "cli/candorctl.h"
#include "cli/render/top_screen.h"
#include "tests/cli/fake_node.h"
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

pb::ListAttemptsResponse Attempts() {
  pb::ListAttemptsResponse out;
  for (int i = 0; i < 3; ++i) *out.add_attempts() = StalledAttempt();
  *out.add_attempts() = ActiveAttempt();
  return out;
}

TEST(Top, ShowsVerdictFunnelSplitSetupTimeAndWorstNetworks) {
  const std::string screen = RenderTop(FailingVerdict(), Attempts(), kNow, {200, 100}, Style{});
  EXPECT_THAT(screen, HasSubstr("NOT SERVING   FAILING for 4 min"));
  EXPECT_THAT(screen, HasSubstr("  offered      [##############################] 1,204,331\n"));
  EXPECT_THAT(screen, HasSubstr("  node         [###############...............] 12\n"));
  EXPECT_THAT(screen, HasSubstr("Set-up time of the last 1: half within 310 ms"));
  EXPECT_THAT(screen, HasSubstr("  203.0.0.0/16           3 of 3 failed"));
  EXPECT_THAT(screen, Not(HasSubstr("2001:db8::/32"))) << "nothing failed there";
}

TEST(Top, FitsAnyTerminal) {
  for (const Style style : {Style{false}, Style{true}}) {
    for (size_t rows : {1u, 2u, 5u, 24u}) {
      for (size_t columns : {1u, 10u, 80u}) {
        pb::Verdict v = FailingVerdict();
        v.set_detail(std::string(500, 'x'));
        const std::string screen = RenderTop(v, Attempts(), kNow, {columns, rows}, style);
        EXPECT_LT(static_cast<size_t>(std::count(screen.begin(), screen.end(), '\n')), rows);
        if (style.colour) continue;
        std::istringstream lines(screen);
        for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), columns);
      }
    }
  }
}

TEST(Top, CutsNoColourOpen) {
  const std::string screen = RenderTop(FailingVerdict(), Attempts(), kNow, {5, 1}, Style{true});
  EXPECT_TRUE(screen.ends_with("\x1b[0m")) << screen;
}

TEST(Top, AHostilePeerCannotDriveTheTerminal) {
  pb::Verdict v = FailingVerdict();
  v.set_detail(kHostile);
  v.set_reason(kHostile);
  pb::ListAttemptsResponse attempts;
  attempts.add_attempts()->set_peer(kHostile);
  const std::string screen = RenderTop(v, attempts, kNow, {500, 100}, Style{});
  EXPECT_EQ(screen.find('\x1b'), std::string::npos);
}

TEST(Top, NamesNetworks) {
  EXPECT_EQ(NetworkOf("203.0.113.9:4711"), "203.0.0.0/16");
  EXPECT_EQ(NetworkOf("[2001:db8:5::7]:4711"), "2001:db8::/32");
  EXPECT_EQ(NetworkOf("nonsense"), "?");
  EXPECT_EQ(NetworkOf(""), "?");
}

TEST(Top, OncePrintsOneScreen) {
  FakeNode node;
  node.answers.verdict = FailingVerdict();
  node.answers.attempts = Attempts();
  const Ran ran = Ctl(node.address(), "top --once");
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out, HasSubstr("FAILING"));
}

TEST(Top, WithoutATerminalTheErrorNamesOnce) {
  const Ran ran = Ctl("", "top");
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("--once prints one screen without"));
}

struct Stage {
  std::vector<std::string> screens;
  std::vector<Terminal::Key> keys;  // played one after the other
  bool restored = false;
};

class FakeTerminal final : public Terminal {
 public:
  explicit FakeTerminal(Stage& stage) : stage_(stage) {}
  ~FakeTerminal() override { stage_.restored = true; }
  TerminalSize Size() override { return {80, 24}; }
  void Show(const std::string& screen) override { stage_.screens.push_back(screen); }
  Key Wait(std::chrono::milliseconds) override {
    const Key key = stage_.keys.empty() ? Key::kQuit : stage_.keys.front();
    if (!stage_.keys.empty()) stage_.keys.erase(stage_.keys.begin());
    return key;
  }

 private:
  Stage& stage_;
};

int Live(const std::string& address, Stage& stage, std::ostream& err) {
  Environment environment;
  environment.address = address;
  environment.now = [] { return kNow; };
  environment.open_terminal = [&] { return std::make_unique<FakeTerminal>(stage); };
  std::ostringstream out;
  return RunCandorctl({"top"}, environment, out, err);
}

TEST(Top, DrawsEverySecondAndOnResizeAndQuitsWithQ) {
  FakeNode node;
  node.answers.verdict = FailingVerdict();
  Stage stage{{}, {Terminal::Key::kNothing, Terminal::Key::kResized, Terminal::Key::kOther}};
  std::ostringstream err;
  EXPECT_EQ(Live(node.address(), stage, err), 0);
  EXPECT_EQ(stage.screens.size(), 4u);
  EXPECT_TRUE(stage.restored);
}

TEST(Top, RestoresTheTerminalBeforeAnError) {
  Stage stage;
  std::ostringstream err;
  EXPECT_EQ(Live("unix:/nowhere/candord.sock", stage, err), 2);
  EXPECT_TRUE(stage.restored);
  EXPECT_TRUE(stage.screens.empty());
  EXPECT_THAT(err.str(), HasSubstr("cannot reach candord"));
}

}  // namespace
}  // namespace candor::cli
