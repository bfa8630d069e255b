// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>

#include "daemon/daemon.h"

namespace {

std::string Env(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

int main(int argc, char** argv) {
  const int code = candor::daemon::Run(
      argc, argv, {Env("RUNTIME_DIRECTORY"), Env("STATE_DIRECTORY"), Env("NOTIFY_SOCKET")});
  std::fflush(nullptr);
  // Not return: a BPF load that hangs has a thread of its own that never ends, and destroying statics under
  // it would turn a clean stop into a crash.
  std::quick_exit(code);
}
