// SPDX-License-Identifier: Apache-2.0
//
// A command of candorctl and its inputs. Each command is one file and one row in commands.cc. Commands do not
// read the environment, the clock or the terminal: main() passes them in. Tested in
// tests/cli/candorctl_test.cc.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "cli/client/answer.h"
#include "cli/render/style.h"
#include "cli/render/terminal.h"
#include "cli/render/wall_time.h"

namespace CLI {
class App;
}

namespace candor::cli {

struct HostFacts;

enum class Format { kTable, kJson };

// Read once by main(); tests pass their own.
struct Environment {
  std::string address;      // CANDOR_ADDRESS, empty when not set
  bool may_colour = false;  // the output is a terminal, and NO_COLOR is not set
  std::function<WallTime()> now;
  std::function<HostFacts()> read_host;
  std::string admin = {};                       // CANDOR_ADMIN, empty when not set
  std::vector<std::string> admin_sockets = {};  // default paths of candord's admin socket
  // Columns that lines for people are broken at; 0: not broken, as for a pipe.
  size_t out_columns = 0;
  size_t err_columns = 0;
  std::function<int()> output_error = {};  // errno of a failed write to `out`; 0: none
  bool err_is_terminal = false;            // progress may be drawn there
  std::function<std::unique_ptr<Terminal>()>
      open_terminal;  // for a live view; null, or returns null: no terminal
};

// One run: the global flags after parsing, and the streams to write to. Valid while the command runs.
struct Session {
  std::string address;                // HOST:PORT or unix:PATH
  bool address_given = false;         // by flag or environment; then no other candord is meant
  std::string admin = {};             // unix:PATH; empty: to be found
  std::chrono::milliseconds timeout;  // for connecting, and again for each call; > 0
  TlsFiles tls = {};
  Format format = Format::kTable;
  Style style;
  std::ostream& out;
  std::ostream& err;
  const Environment& environment;
  std::string server = {};  // --server: one media server of the node; empty: the node

  WallTime now() const { return environment.now(); }
  bool json() const { return format == Format::kJson; }
};

struct Command {
  // Runs after parsing; returns an ExitCode.
  using Run = std::function<int(Session&)>;

  std::string name;
  std::string summary;  // one sentence: the question it answers
  std::string footer;   // examples and exit codes, at the end of `candorctl NAME --help`
  // Declares the command's own flags on `app`, which outlives the result; the result owns the parsed values.
  std::function<Run(CLI::App& app)> declare;
  bool verbatim = false;   // output for programs: lines are never broken
  bool by_server = false;  // takes --server
};

}  // namespace candor::cli
