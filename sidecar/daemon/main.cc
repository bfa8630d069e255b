// SPDX-License-Identifier: Apache-2.0
//
// Tested in tests/daemon/candord_test.sh.
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
  // Not return: a BPF load that hangs keeps its thread for ever, which would crash once statics are
  // destroyed.
  std::quick_exit(code);
}
