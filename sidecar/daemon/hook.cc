// SPDX-License-Identifier: Apache-2.0
#include "daemon/hook.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include "base/poll.h"
#include "base/unique_fd.h"

namespace candor::daemon {
namespace {

// The JSON as a file without a name: with a pipe, a program that does not read would block candord.
UniqueFd MakeMemoryFile(const std::string& text) {
  UniqueFd fd(::memfd_create("candor-verdict", MFD_CLOEXEC));
  if (!fd || ::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return UniqueFd();
  if (::lseek(fd.get(), 0, SEEK_SET) != 0) return UniqueFd();
  return fd;
}

// Spawns with stdin from `in`, stdout to candord's stderr, in its own process group. 0 or an errno.
int Spawn(const std::vector<std::string>& command, int in, pid_t* pid) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
  // Not every library opens its sockets with close-on-exec: libcurl's wake-up pair, libpcap's packet socket.
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  // candord blocks and ignores signals; the program must not inherit that.
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> argv;
  argv.reserve(command.size() + 1);
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const int code = posix_spawn(pid, argv.front(), &files, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return code;
}

enum class Ended { kExited, kTimedOut, kStopping };

// Waits for the process to end, its time to be up, or `stopping` to become readable.
Ended Await(pid_t pid, std::chrono::milliseconds timeout, int stopping) {
  const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  const auto until = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    const Duration left = until - std::chrono::steady_clock::now();
    if (left <= Duration::zero()) return Ended::kTimedOut;
    pollfd fds[] = {{process.get(), POLLIN, 0}, {stopping, POLLIN, 0}};
    if (PollFds(fds, left) <= 0) continue;
    if (fds[0].revents != 0) return Ended::kExited;
    if (fds[1].revents != 0) return Ended::kStopping;
  }
}

std::string HowItEnded(int status) {
  if (WIFSIGNALED(status)) return fmt::format("was ended by signal {}", WTERMSIG(status));
  return fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

}  // namespace

Hook::Hook(HookOptions options, OnFailure on_failure)
    : on_failure_(std::move(on_failure)),
      options_(std::move(options)),
      worker_([this](const std::stop_token& stop) { Loop(stop); }) {}

Hook::~Hook() { Stop(); }

void Hook::Run(std::string json) {
  {
    const std::lock_guard lock(mutex_);
    if (options_.command.empty()) return;
    next_ = std::move(json);
  }
  wake_.notify_one();
}

void Hook::SetOptions(HookOptions options) {
  const std::lock_guard lock(mutex_);
  options_ = std::move(options);
}

void Hook::Stop() { worker_.Stop(); }

void Hook::Loop(const std::stop_token& stop) {
  const std::stop_callback end_run(stop, [this] { stopping_.Signal(); });
  std::unique_lock lock(mutex_);
  while (wake_.wait(lock, stop, [this] { return next_.has_value(); }) && !stop.stop_requested()) {
    const std::string json = *std::exchange(next_, std::nullopt);
    const HookOptions options = options_;
    lock.unlock();
    if (!options.command.empty()) RunOnce(options, json);
    lock.lock();
  }
}

void Hook::RunOnce(const HookOptions& options, const std::string& json) {
  const std::string& program = options.command.front();
  const UniqueFd in = MakeMemoryFile(json);
  if (!in) return on_failure_("on_transition: no memory for the verdict's JSON");
  pid_t pid = 0;
  if (const int code = Spawn(options.command, in.get(), &pid); code != 0) {
    return on_failure_(
        fmt::format("on_transition: cannot run {}: {}", program, std::generic_category().message(code)));
  }
  const Ended ended = Await(pid, options.timeout, stopping_.fd());
  if (ended != Ended::kExited) ::kill(-pid, SIGKILL);  // with all its children
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (ended == Ended::kTimedOut) {
    on_failure_(fmt::format("on_transition: {} did not end within {} ms and was killed", program,
                            options.timeout.count()));
  } else if (ended == Ended::kExited && status != 0) {
    on_failure_(fmt::format("on_transition: {} {}", program, HowItEnded(status)));
  }
}

}  // namespace candor::daemon
