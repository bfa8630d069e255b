// SPDX-License-Identifier: Apache-2.0
//
// What a command of candorctl is, and what it is given. A command lives in one file, is listed once in
// commands.cc, and reads neither environment nor clock nor terminal by itself: main() hands them in.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "cli/client/exit_code.h"
#include "cli/render/style.h"
#include "cli/render/terminal.h"
#include "cli/render/wall_time.h"

namespace CLI {
class App;
}

namespace candor::cli {

struct HostFacts;

enum class Format { kTable, kJson };

// The outside world, read once by main(); tests hand in their own.
struct Environment {
  std::string address;      // CANDOR_ADDRESS, empty when not set
  bool may_colour = false;  // a terminal, and NO_COLOR is not set
  std::function<WallTime()> now;
  std::function<HostFacts()> read_host;
  std::string admin = {};                       // CANDOR_ADMIN, empty when not set
  std::vector<std::string> admin_sockets = {};  // paths where a candord of this machine puts it by itself
  // Columns that lines for people are broken at; 0: they are left whole, as for a pipe.
  size_t out_columns = 0;
  size_t err_columns = 0;
  std::function<int()> output_error = {};                    // errno of what could not be written to `out`
  bool err_is_terminal = false;                              // progress may be drawn there
  std::function<std::unique_ptr<Terminal>()> open_terminal;  // for a live view; null or empty: there is none
};

// PEM files. All empty: plaintext. Any of them, or a name: TLS, on TCP addresses only.
struct TlsFiles {
  std::string ca = {};           // whom to trust; empty: whom the system trusts
  std::string certificate = {};  // one's own, for mutual TLS
  std::string key = {};
  std::string name = {};  // that the server's certificate is to have instead of the address
  bool wanted() const { return !(ca.empty() && certificate.empty() && key.empty() && name.empty()); }
};

// One run: the global flags after parsing, and where to write. Valid while the command runs.
struct Session {
  std::string address;                // HOST:PORT or unix:PATH
  bool address_given = false;         // by flag or environment: another candord than this may not be meant
  std::string admin = {};             // unix:PATH; empty: wherever it is found
  std::chrono::milliseconds timeout;  // for connecting, and again for each call; > 0
  TlsFiles tls = {};
  Format format = Format::kTable;
  Style style;
  std::ostream& out;
  std::ostream& err;
  const Environment& environment;

  WallTime now() const { return environment.now(); }
  bool json() const { return format == Format::kJson; }
};

struct Command {
  // Runs after parsing; returns an ExitCode.
  using Run = std::function<int(Session&)>;

  std::string name;
  std::string summary;  // one sentence: the question it answers
  std::string footer;   // examples and exit codes, at the end of `candorctl NAME --help`
  // Declares the command's own flags on `app`; what it returns owns the values they are parsed into.
  std::function<Run(CLI::App& app)> declare;
  bool verbatim = false;  // for programs: its lines are never broken
};

}  // namespace candor::cli
