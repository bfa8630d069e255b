// SPDX-License-Identifier: Apache-2.0
#include "daemon/signals.h"

#include <unistd.h>

#include <csignal>

namespace candor::daemon {
namespace {

sigset_t Handled() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

volatile sig_atomic_t timeout_exit_code = 0;
void ExitNow(int /*signal*/) { _exit(timeout_exit_code); }

}  // namespace

void BlockSignals() {
  const sigset_t set = Handled();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a closed reader of the log must not end candord
}

SignalRequest WaitForSignal() {
  const sigset_t set = Handled();
  int got = 0;
  while (sigwait(&set, &got) != 0) {
  }
  return got == SIGHUP ? SignalRequest::kReload : SignalRequest::kStop;
}

void ExitWithin(unsigned seconds, int exit_code) {
  timeout_exit_code = exit_code;
  std::signal(SIGALRM, &ExitNow);
  alarm(seconds);
}

}  // namespace candor::daemon
