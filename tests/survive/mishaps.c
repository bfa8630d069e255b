/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens to machines, for tests only: put before the C library (LD_PRELOAD) and controlled by files,
 * which guard.py names and writes.
 *
 *   $CANDOR_TEST_SLEPT    the machine has slept for as many seconds as it says: CLOCK_BOOTTIME runs ahead
 *   $CANDOR_TEST_STOPPED  while it is there time stands still: CLOCK_MONOTONIC is, to the second, what it
 * says; the kernel's own timers go on $CANDOR_TEST_HUNG     while it is there no BPF program's load returns
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LOOK_EVERY_US 20000

/* The number in the file that the environment names; -1 when there is no such file, 0 when it holds none. */
static long value_of(const char* variable) {
  char text[24] = "";
  const char* name = getenv(variable);
  int fd = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;

  if (fd < 0) return -1;
  if (read(fd, text, sizeof(text) - 1) < 0) text[0] = 0;
  close(fd);
  return atol(text);
}

typedef long call_t(long, ...);

static call_t* next_syscall(void) {
  static call_t* next;

  if (!next) next = (call_t*)dlsym(RTLD_NEXT, "syscall");
  return next;
}

/* libbpf has no other way into bpf(2). */
long syscall(long number, ...) {
  long a[6];
  va_list list;

  va_start(list, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
  va_end(list);
  if (number == SYS_bpf && a[0] == BPF_PROG_LOAD) {
    while (value_of("CANDOR_TEST_HUNG") >= 0) usleep(LOOK_EVERY_US);
  }
  return next_syscall()(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int clock_gettime(clockid_t clock, struct timespec* out) {
  long rc = next_syscall()(SYS_clock_gettime, clock, out);
  long seconds = -1;

  if (rc == 0 && clock == CLOCK_BOOTTIME && (seconds = value_of("CANDOR_TEST_SLEPT")) > 0)
    out->tv_sec += seconds;
  if (rc == 0 && clock == CLOCK_MONOTONIC && (seconds = value_of("CANDOR_TEST_STOPPED")) > 0) {
    out->tv_sec = seconds;
    out->tv_nsec = 0;
  }
  return (int)rc;
}
