// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/commands/commands.h"
#include "tests/cli/fake_node.h"

namespace candor::cli {
namespace {

using testing::HasSubstr;

// Runs `script` in bash with `prologue` before it; what it printed.
std::string InBash(const std::string& prologue, const std::string& script) {
  char name[] = "/tmp/candor-test-XXXXXX";
  const std::string folder = ::mkdtemp(name);
  std::ofstream(folder + "/script") << prologue << "\n" << script << "\n";
  EXPECT_EQ(std::system(("bash " + folder + "/script > " + folder + "/out 2>&1").c_str()), 0);
  std::ostringstream out;
  out << std::ifstream(folder + "/out").rdbuf();
  std::filesystem::remove_all(folder);
  return out.str();
}

TEST(Completion, HasEveryCommandInEveryShell) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const Ran ran = Ctl("", std::string("completion ") + shell);
    EXPECT_EQ(ran.code, 0);
    for (const Command& command : AllCommands()) EXPECT_THAT(ran.out, HasSubstr(command.name)) << shell;
    EXPECT_THAT(ran.out, HasSubstr("reason")) << shell;
  }
  EXPECT_EQ(Ctl("", "completion tcsh").code, 1);
}

TEST(Completion, BashCompletesCommandsAndFlags) {
  const std::string bash = Ctl("", "completion bash").out;
  EXPECT_EQ(InBash(bash, "COMP_WORDS=(candorctl und); COMP_CWORD=1; _candorctl; echo \"${COMPREPLY[@]}\""),
            "undrain\n");
  EXPECT_EQ(
      InBash(bash, "COMP_WORDS=(candorctl drain --re); COMP_CWORD=2; _candorctl; echo \"${COMPREPLY[@]}\""),
      "--reason\n");
  EXPECT_EQ(InBash(bash,
                   "COMP_WORDS=(candorctl -o json top --on); COMP_CWORD=4; _candorctl; "
                   "echo \"${COMPREPLY[@]}\""),
            "--once\n");
}

}  // namespace
}  // namespace candor::cli
