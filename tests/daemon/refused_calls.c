/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Put before candord (LD_PRELOAD), tells of every system call that candord's filter refuses, whatever the
 * caller makes of it. The filter is the one that users run with but for its answer: the kernel raises SIGSYS
 * (SECCOMP_RET_TRAP, seccomp(2)) in the place of EPERM, and the handler gives the caller that EPERM.
 *
 *   $CANDOR_TEST_REFUSED   the file that gets a line "PROGRAM THREAD CALL" for each, of bpf(2) with the
 * command
 *
 * Programs that candord starts inherit both the filter and this file.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define CALLS 600

static char* names[CALLS]; /* resolved before there is a filter: no allocation in the handler */
static int out = -1;

static void refused(int signal_number, siginfo_t* info, void* context) {
  ucontext_t* at = context;
  char line[128] = "", thread[17] = "";
  const int call = info->si_syscall;
  const int known = call >= 0 && call < CALLS && names[call];
  int length;
#if defined(__x86_64__)
  const long argument = at->uc_mcontext.gregs[REG_RDI];
  at->uc_mcontext.gregs[REG_RAX] = -EPERM;
#elif defined(__aarch64__)
  const long argument = (long)at->uc_mcontext.regs[0];
  at->uc_mcontext.regs[0] = (unsigned long long)-EPERM;
#else
#error "where does this machine have the result of a system call?"
#endif
  (void)signal_number;
  prctl(PR_GET_NAME, thread);
  length = snprintf(line, sizeof(line), "%s %s %s", program_invocation_short_name, thread,
                    known ? names[call] : "?");
  length +=
      snprintf(line + length, sizeof(line) - (size_t)length, call == SYS_bpf ? " %ld\n" : "\n", argument);
  if (write(out, line, (size_t)length) < 0) abort();
}

__attribute__((constructor)) static void begin(void) {
  struct sigaction action = {.sa_sigaction = refused, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART};
  const char* file = getenv("CANDOR_TEST_REFUSED");

  out = file ? open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666) : -1;
  if (out < 0) return;
  for (int i = 0; i < CALLS; ++i) names[i] = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, i);
  sigaction(SIGSYS, &action, NULL);
}

scmp_filter_ctx seccomp_init(uint32_t otherwise) {
  scmp_filter_ctx (*real)(uint32_t) = (scmp_filter_ctx(*)(uint32_t))dlsym(RTLD_NEXT, "seccomp_init");

  return real(out >= 0 && otherwise == SCMP_ACT_ERRNO(EPERM) ? SCMP_ACT_TRAP : otherwise);
}

/* A thread that blocks the signal would be ended by it. */
static int masked(const char* name, int how, const sigset_t* set, sigset_t* old) {
  int (*real)(int, const sigset_t*, sigset_t*) =
      (int (*)(int, const sigset_t*, sigset_t*))dlsym(RTLD_NEXT, name);
  sigset_t but;

  if (!set || how == SIG_UNBLOCK) return real(how, set, old);
  but = *set;
  sigdelset(&but, SIGSYS);
  return real(how, &but, old);
}
int pthread_sigmask(int how, const sigset_t* set, sigset_t* old) {
  return masked("pthread_sigmask", how, set, old);
}
int sigprocmask(int how, const sigset_t* set, sigset_t* old) { return masked("sigprocmask", how, set, old); }
