// SPDX-License-Identifier: Apache-2.0
//
// What the servers show and change. All of it is thread-safe and outlives them.
#pragma once

#include <chrono>
#include <functional>

#include "base/time.h"
#include "serve/board.h"
#include "serve/history.h"
#include "serve/self_desk.h"

namespace candor {

// Time is a parameter: tests hand in their own.
struct ServeClocks {
  std::function<Time()> source = &MonotonicNow;  // of the snapshots
  std::function<BootTime()> boot = &BootNow;
  std::function<WallTime()> wall = [] { return WallTime(std::chrono::system_clock::now()); };
};

struct ServeParts {
  Board& board;
  History& history;
  SelfDesk& desk;
  ServeClocks clocks = {};
};

}  // namespace candor
