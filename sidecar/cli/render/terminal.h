// SPDX-License-Identifier: Apache-2.0
//
// The terminal of a live view. Tested in tests/cli/commands/top_test.cc.
#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace candor::cli {

struct TerminalSize {
  size_t columns = 80;
  size_t rows = 24;
};

class Terminal {
 public:
  enum class Key { kNothing, kQuit, kOther, kResized };

  virtual ~Terminal() = default;
  virtual TerminalSize Size() = 0;
  // Replaces what is shown; lines are separated by newlines and must fit Size().
  virtual void Show(const std::string& screen) = 0;
  // kQuit: q, Ctrl-C, SIGTERM or SIGHUP, or the terminal is gone; kNothing: the timeout.
  virtual Key Wait(std::chrono::milliseconds timeout) = 0;
};

// The terminal of standard input and output: alternate screen, no echo, no cursor; restored by its
// destructor. Blocks SIGINT, SIGTERM, SIGHUP and SIGWINCH for Wait() to read, so call it before other threads
// start. Null when standard input or output is not a terminal.
std::unique_ptr<Terminal> OpenTerminal();

}  // namespace candor::cli
