// SPDX-License-Identifier: Apache-2.0
//
// Who runs work that may hang in the kernel for ever.
#pragma once

#include <functional>
#include <thread>
#include <utility>

namespace candor {

// Runs the work some time, on another thread; returns at once.
using Executor = std::function<void(std::function<void()>)>;

// A thread for each piece of work, never joined.
inline Executor ThreadForEach() {
  return [](std::function<void()> work) { std::thread(std::move(work)).detach(); };
}

}  // namespace candor
