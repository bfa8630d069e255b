// SPDX-License-Identifier: Apache-2.0
//
// A terminal taken over for a live view, given back as it was however the view ends.
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
  // q, Ctrl-C and signals to end are kQuit; kNothing: the time is up.
  virtual Key Wait(std::chrono::milliseconds timeout) = 0;
};

// The terminal of standard input and output: no echo, another screen, no cursor, until it is destroyed.
// SIGINT, SIGTERM, SIGHUP and SIGWINCH are blocked from now on and read by Wait(), so call this before any
// other thread is there. Null when either is no terminal.
std::unique_ptr<Terminal> OpenTerminal();

}  // namespace candor::cli
