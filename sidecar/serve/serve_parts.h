// SPDX-License-Identifier: Apache-2.0
//
// What the servers show and change. All of it is thread-safe and outlives them.
#pragma once

#include "serve/board.h"
#include "serve/history.h"
#include "serve/self_desk.h"

namespace candor {

struct ServeParts {
  Board& board;
  History& history;
  SelfDesk& desk;
};

}  // namespace candor
