// SPDX-License-Identifier: Apache-2.0
#include "cli/candorctl.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <sstream>

#include "base/unique_fd.h"
#include "cli/commands/commands.h"
#include "cli/render/output.h"
#include "tests/cli/fake_node.h"
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using testing::HasSubstr;

TEST(Candorctl, WithoutACommandListsThem) {
  const Ran ran = Ctl("", "");
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(
      ran.err,
      HasSubstr("expected a command, one of: status why watch top servers transitions attempts flows doctor "
                "probe check drain "
                "undrain override reload reset-baseline replay judge version completion\n"));
  EXPECT_EQ(Ctl("", "statsu").code, 1);
  EXPECT_THAT(Ctl("", "statsu").err, HasSubstr("statsu"));
  EXPECT_THAT(Ctl("", "statsu").err, HasSubstr("expected a command, one of: status why"));
}

TEST(Candorctl, HelpNamesEveryCommand) {
  const Ran ran = Ctl("", "--help");
  EXPECT_EQ(ran.code, 0);
  for (const Command& command : AllCommands()) EXPECT_THAT(ran.out, HasSubstr("\n  " + command.name));
}

TEST(Candorctl, TheHelpOfEveryCommandHasExamplesAndExitCodes) {
  for (const Command& command : AllCommands()) {
    const Ran ran = Ctl("", command.name + " --help");
    EXPECT_EQ(ran.code, 0) << command.name;
    for (const char* part : {"Example", "JSON:", "Exit codes:", "--address"}) {
      EXPECT_THAT(ran.out, HasSubstr(part)) << command.name;
    }
    EXPECT_THAT(ran.out, HasSubstr("candorctl " + command.name));
  }
}

TEST(Candorctl, BadGlobalFlagsNameWhatIsExpected) {
  struct Row {
    const char *arguments, *says;
  };
  const Row rows[] = {
      {"status --address nowhere", "expected HOST:PORT or unix:PATH, got 'nowhere'"},
      {"status --timeout soon", "expected a duration such as 2s or 500ms, got 'soon'"},
      {"status -o xml", "xml not in {table,json}"},
      {"status more", "not expected: more"},
      {"status why", "not expected: why"},
      {"status --nonsense", "--nonsense"},
  };
  for (const Row& row : rows) {
    const Ran ran = Ctl("", row.arguments);
    EXPECT_EQ(ran.code, 1) << row.arguments;
    EXPECT_EQ(ran.out, "") << row.arguments;
    EXPECT_THAT(ran.err, HasSubstr(row.says)) << row.arguments;
  }
}

TEST(Candorctl, ABadAddressOfTheEnvironmentIsNamedAsSuch) {
  const Ran ran = Ctl("nowhere", "status");
  EXPECT_EQ(ran.code, 1);
  EXPECT_EQ(ran.err, "candorctl: CANDOR_ADDRESS: expected HOST:PORT or unix:PATH, got 'nowhere'\n");
}

TEST(Candorctl, TheFlagPrevailsOverTheEnvironment) {
  FakeNode node;
  node.answers.verdict = HealthyVerdict();
  node.answers.info = BpfInfo();
  EXPECT_EQ(Ctl("nowhere", "status --address " + node.address()).code, 0);
  EXPECT_EQ(Ctl("nowhere", "--address " + node.address() + " status").code, 0);
}

TEST(Candorctl, AnAnswerThatCannotBeWrittenIsAnErrorOfEveryCommand) {
  FakeNode node;
  node.answers.verdict = FailingVerdict();
  node.answers.info = BpfInfo();
  node.answers.health[""] = true;
  for (const char* command :
       {"status", "why", "top --once", "transitions", "attempts", "flows", "doctor", "probe",
        "check --nagios", "version", "completion bash", "--help", "status --help", "-o json status"}) {
    const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    FdBuffer buffer(full.get());
    std::ostream out(&buffer);
    std::ostringstream err;
    Environment environment = TestEnvironment(node.address());
    environment.output_error = [&] { return buffer.error(); };
    std::istringstream words(command);
    const std::vector<std::string> split{std::istream_iterator<std::string>(words), {}};
    EXPECT_EQ(RunCandorctl(split, environment, out, err), 8) << command;
    EXPECT_THAT(err.str(), HasSubstr("candorctl: cannot write the output: No space left on device"))
        << command;
  }
}

TEST(Candorctl, LinesForPeopleEndAtTheTerminalsWidthAndThoseForProgramsNever) {
  FakeNode node;
  node.answers.verdict = FailingVerdict();
  node.answers.verdict.set_detail(
      "a sentence of many short words that goes on and on beyond any small screen");
  node.answers.info = BpfInfo();
  Environment environment = TestEnvironment(node.address());
  environment.out_columns = 40;
  const auto widest = [](const std::string& text) {
    size_t most = 0;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) most = std::max(most, line.size());
    return most;
  };
  for (const char* command : {"status", "why", "doctor", "--help"}) {
    const std::string out = Ctl(environment, command).out;
    EXPECT_LE(widest(out), 44u) << command << "\n" << out;  // one word may be longer
  }
  EXPECT_GT(widest(Ctl(environment, "-o json status").out), 200u);
  EXPECT_GT(widest(Ctl(environment, "check --nagios").out), 80u) << "a monitor reads one line";
  environment.out_columns = 0;
  EXPECT_GT(widest(Ctl(environment, "status").out), 70u) << "a pipe gets whole lines";
}

TEST(Candorctl, AnArgumentCannotDriveTheTerminal) {
  const Ran ran = Ctl("", "status \x1b[2J");
  EXPECT_THAT(ran.err, HasSubstr("\\x1b[2J"));
  EXPECT_EQ(ran.err.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace candor::cli
