// SPDX-License-Identifier: Apache-2.0
#include "daemon/signals.h"

#include <unistd.h>

#include <csignal>

namespace candor::daemon {
namespace {

sigset_t Awaited() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

volatile sig_atomic_t late_exit_code = 0;
void Late(int /*signal*/) { _exit(late_exit_code); }

}  // namespace

void BlockSignals() {
  const sigset_t set = Awaited();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a reader of the log that went away must not end the watch
}

SignalRequest WaitForSignal() {
  const sigset_t set = Awaited();
  int got = 0;
  while (sigwait(&set, &got) != 0) {
  }
  return got == SIGHUP ? SignalRequest::kReload : SignalRequest::kStop;
}

void ExitWithin(unsigned seconds, int exit_code) {
  late_exit_code = exit_code;
  std::signal(SIGALRM, &Late);
  alarm(seconds);
}

}  // namespace candor::daemon
