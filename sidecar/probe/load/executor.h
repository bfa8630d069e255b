// SPDX-License-Identifier: Apache-2.0
//
// Executes work that may block in the kernel for ever. Thread-safe.
// Tested in tests/probe/load/deadline_task_test.cc.
#pragma once

#include <functional>
#include <thread>
#include <utility>

namespace candor {

// Runs the work on another thread, at an unspecified time; returns at once.
using Executor = std::function<void(std::function<void()>)>;

// One thread per call, never joined.
inline Executor ThreadForEach() {
  return [](std::function<void()> work) { std::thread(std::move(work)).detach(); };
}

}  // namespace candor
