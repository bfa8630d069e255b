// SPDX-License-Identifier: Apache-2.0
#include "daemon/privileges/syscall_filter.h"

#include <linux/bpf.h>
#include <seccomp.h>

#include <cerrno>
#include <memory>

namespace candor::daemon {
namespace {

// The system calls of glibc, gRPC, libbpf and candord, by purpose. A call that is not listed fails with
// EPERM; it does not end the process. The end-to-end tests run under this filter.
constexpr int kAllowed[] = {
    // memory and threads
    SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(mprotect), SCMP_SYS(madvise),
    SCMP_SYS(clone), SCMP_SYS(clone3), SCMP_SYS(set_robust_list), SCMP_SYS(get_robust_list), SCMP_SYS(rseq),
    SCMP_SYS(futex), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_getscheduler), SCMP_SYS(getcpu), SCMP_SYS(membarrier), SCMP_SYS(gettid), SCMP_SYS(getpid),
    SCMP_SYS(getppid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
    SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(restart_syscall), SCMP_SYS(set_tid_address),
    SCMP_SYS(getrusage), SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(getrandom), SCMP_SYS(prlimit64),
    SCMP_SYS(getrlimit), SCMP_SYS(times),
    // time
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday), SCMP_SYS(alarm), SCMP_SYS(timerfd_create), SCMP_SYS(timerfd_settime),
    SCMP_SYS(timerfd_gettime),
    // signals
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(sigaltstack), SCMP_SYS(tgkill), SCMP_SYS(kill),
    // files: state, configuration, certificates, /proc, pins
    SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(close), SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64),
    SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64), SCMP_SYS(lseek), SCMP_SYS(ftruncate),
    SCMP_SYS(stat), SCMP_SYS(fstat), SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(statfs),
    SCMP_SYS(fstatfs), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(getdents64),
    SCMP_SYS(getcwd), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(mkdir), SCMP_SYS(mkdirat),
    SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rmdir), SCMP_SYS(rename), SCMP_SYS(renameat),
    SCMP_SYS(renameat2), SCMP_SYS(chmod), SCMP_SYS(fchmod), SCMP_SYS(fchmodat), SCMP_SYS(umask),
    SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(flock), SCMP_SYS(fcntl), SCMP_SYS(dup), SCMP_SYS(dup2),
    SCMP_SYS(dup3), SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(inotify_init1), SCMP_SYS(inotify_add_watch),
    SCMP_SYS(inotify_rm_watch), SCMP_SYS(fadvise64),
    // waiting
    SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_create), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait),
    SCMP_SYS(epoll_pwait2), SCMP_SYS(eventfd2), SCMP_SYS(ioctl),
    // sockets: servers, clients, captures
    SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept),
    SCMP_SYS(accept4), SCMP_SYS(connect), SCMP_SYS(shutdown), SCMP_SYS(getsockname), SCMP_SYS(getpeername),
    SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(sendto), SCMP_SYS(recvfrom), SCMP_SYS(sendmsg),
    SCMP_SYS(recvmsg), SCMP_SYS(sendmmsg), SCMP_SYS(recvmmsg),
    // for the filter of the privileged thread, which is loaded later
    SCMP_SYS(prctl), SCMP_SYS(seccomp), SCMP_SYS(capget), SCMP_SYS(capset)};

// For starting the program of on_transition, which runs under this filter too.
constexpr int kForPrograms[] = {SCMP_SYS(execve),       SCMP_SYS(vfork),      SCMP_SYS(fork),
                                SCMP_SYS(wait4),        SCMP_SYS(waitid),     SCMP_SYS(setpgid),
                                SCMP_SYS(getpgid),      SCMP_SYS(getpgrp),    SCMP_SYS(pidfd_open),
                                SCMP_SYS(memfd_create), SCMP_SYS(arch_prctl), SCMP_SYS(chdir),
                                SCMP_SYS(utimensat),    SCMP_SYS(getgroups),  SCMP_SYS(sched_setaffinity),
                                SCMP_SYS(close_range)};

constexpr int kBpfToRead[] = {BPF_MAP_LOOKUP_ELEM, BPF_MAP_DELETE_ELEM, BPF_MAP_GET_NEXT_KEY,
                              BPF_OBJ_GET_INFO_BY_FD, BPF_MAP_LOOKUP_BATCH};
constexpr int kBpfToAttach[] = {BPF_OBJ_PIN,    BPF_OBJ_GET,     BPF_PROG_GET_FD_BY_ID,
                                BPF_PROG_QUERY, BPF_LINK_CREATE, BPF_LINK_UPDATE};

struct Release {
  void operator()(void* context) const { seccomp_release(context); }
};

class Rules {
 public:
  Rules() : context_(seccomp_init(SCMP_ACT_ERRNO(EPERM))) {
    if (!context_) error_ = ENOMEM;
  }
  void Allow(int call) {
    // Negative: this architecture has no such call (open, on arm64).
    if (call >= 0) Note(seccomp_rule_add(context_.get(), SCMP_ACT_ALLOW, call, 0));
  }
  void AllowBpf(int command) {
    const auto is = static_cast<scmp_datum_t>(command);
    Note(seccomp_rule_add(context_.get(), SCMP_ACT_ALLOW, SCMP_SYS(bpf), 1, SCMP_A0(SCMP_CMP_EQ, is)));
  }
  Result<void> Load() {
    if (error_ == 0) Note(seccomp_load(context_.get()));
    if (error_ != 0) return FailErrno("cannot filter system calls", error_);
    return {};
  }

 private:
  void Note(int rc) {
    if (rc < 0 && error_ == 0) error_ = -rc;
  }
  std::unique_ptr<void, Release> context_;
  int error_ = 0;
};

}  // namespace

Result<void> FilterSyscalls(const SyscallFilter& filter) {
  Rules rules;
  for (const int call : kAllowed) rules.Allow(call);
  for (const int command : kBpfToRead) rules.AllowBpf(command);
  if (filter.attach) {
    for (const int command : kBpfToAttach) rules.AllowBpf(command);
  }
  if (filter.run_programs) {
    for (const int call : kForPrograms) rules.Allow(call);
  }
  return rules.Load();
}

}  // namespace candor::daemon
