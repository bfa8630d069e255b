// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>

#include "daemon/daemon.h"

int main(int argc, char** argv) {
  const int code = candor::daemon::Run(argc, argv);
  std::fflush(nullptr);
  // Not return: a BPF load that hangs has a thread of its own that never ends, and destroying statics under
  // it would turn a clean stop into a crash.
  std::quick_exit(code);
}
