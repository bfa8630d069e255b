/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Put before the C library (LD_PRELOAD), for tests only. To the program
 *   the machine has slept: CLOCK_BOOTTIME runs ahead by as many seconds as the file $CANDOR_TEST_SLEPT says;
 *   time stands still: CLOCK_MONOTONIC is, to the second, what the file $CANDOR_TEST_STOPPED says, while it is
 *   there. The kernel's own timers go on.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* The number in the file that the environment names; -1 when there is none. */
static long told(const char* variable) {
  char text[24] = "";
  const char* name = getenv(variable);
  int fd = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
  ssize_t size;

  if (fd < 0) return -1;
  size = read(fd, text, sizeof(text) - 1);
  close(fd);
  return size > 0 ? atol(text) : -1;
}

int clock_gettime(clockid_t clock, struct timespec* out) {
  long rc = syscall(SYS_clock_gettime, clock, out);
  long seconds = -1;

  if (rc == 0 && clock == CLOCK_BOOTTIME && (seconds = told("CANDOR_TEST_SLEPT")) > 0) out->tv_sec += seconds;
  if (rc == 0 && clock == CLOCK_MONOTONIC && (seconds = told("CANDOR_TEST_STOPPED")) > 0) {
    out->tv_sec = seconds;
    out->tv_nsec = 0;
  }
  return (int)rc;
}
