// SPDX-License-Identifier: Apache-2.0
//
// candorctl's environment, clock and terminal are read here only. Tested in
// tests/packaging/packaging_test.py.
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "cli/candorctl.h"
#include "cli/commands/admin.h"
#include "cli/commands/host_facts.h"
#include "cli/render/output.h"
#include "cli/render/terminal.h"

namespace {

std::string Env(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

int main(int argc, char** argv) {
  candor::cli::Environment environment;
  environment.address = Env("CANDOR_ADDRESS");
  environment.admin = Env("CANDOR_ADMIN");
  environment.admin_sockets = candor::cli::DefaultAdminSockets(Env("XDG_RUNTIME_DIR"));
  environment.out_columns = candor::cli::TerminalWidth(STDOUT_FILENO, Env("COLUMNS"));
  environment.err_columns = candor::cli::TerminalWidth(STDERR_FILENO, Env("COLUMNS"));
  environment.may_colour = isatty(STDOUT_FILENO) == 1 && Env("NO_COLOR").empty() && Env("TERM") != "dumb";
  environment.err_is_terminal = isatty(STDERR_FILENO) == 1;
  environment.now = [] { return candor::cli::WallTime(std::chrono::system_clock::now()); };
  environment.read_host = [] { return candor::cli::ReadHostFacts("/"); };
  environment.open_terminal = &candor::cli::OpenTerminal;
  candor::cli::FdBuffer buffer(STDOUT_FILENO);
  std::ostream out(&buffer);
  environment.output_error = [&buffer] { return buffer.error(); };
  return candor::cli::RunCandorctl({argv + 1, argv + argc}, environment, out, std::cerr);
}
