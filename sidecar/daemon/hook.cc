// SPDX-License-Identifier: Apache-2.0
#include "daemon/hook.h"

#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace candor::daemon {
namespace {

// The JSON as a file without a name: a hook that does not read cannot block us as it could with a pipe.
UniqueFd FileOf(const std::string& text) {
  UniqueFd fd(::memfd_create("candor-verdict", MFD_CLOEXEC));
  if (!fd || ::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return UniqueFd();
  if (::lseek(fd.get(), 0, SEEK_SET) != 0) return UniqueFd();
  return fd;
}

// Spawns with stdin from `in`, stdout where our stderr goes, in a process group of its own. 0 or an errno.
int Spawn(const std::vector<std::string>& command, int in, pid_t* pid) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  // candord blocks and ignores signals; a hook that inherited that could not be stopped by its own kind.
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const int code = posix_spawn(pid, argv.front(), &files, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return code;
}

enum class Ended { kByItself, kTimeUp, kStopping };

// Waits for the process to end, its time to be up, or `stopping` to become readable.
Ended Await(pid_t pid, std::chrono::milliseconds timeout, int stopping) {
  const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  const auto until = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    if (left <= 0) return Ended::kTimeUp;
    pollfd fds[] = {{process.get(), POLLIN, 0}, {stopping, POLLIN, 0}};
    if (::poll(fds, 2, static_cast<int>(left)) <= 0) continue;
    if (fds[0].revents != 0) return Ended::kByItself;
    if (fds[1].revents != 0) return Ended::kStopping;
  }
}

std::string HowItEnded(int status) {
  if (WIFSIGNALED(status)) return fmt::format("was ended by signal {}", WTERMSIG(status));
  return fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

}  // namespace

Hook::Hook(HookOptions options, Failed failed)
    : failed_(std::move(failed)),
      options_(std::move(options)),
      stopping_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { Run(); }) {}

Hook::~Hook() { Stop(); }

void Hook::Tell(std::string json) {
  {
    const std::lock_guard lock(mutex_);
    if (options_.command.empty()) return;
    waiting_ = std::move(json);
  }
  wake_.notify_one();
}

void Hook::SetOptions(HookOptions options) {
  const std::lock_guard lock(mutex_);
  options_ = std::move(options);
}

void Hook::Stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  const uint64_t one = 1;
  if (::write(stopping_.get(), &one, sizeof one) < 0 && failed_) failed_("the hook's thread cannot be woken");
  thread_.join();
}

void Hook::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stop_ || waiting_.has_value(); });
    if (stop_) return;
    const std::string json = *std::exchange(waiting_, std::nullopt);
    const HookOptions options = options_;
    lock.unlock();
    if (!options.command.empty()) RunOnce(options, json);
    lock.lock();
  }
}

void Hook::RunOnce(const HookOptions& options, const std::string& json) {
  const std::string& program = options.command.front();
  const UniqueFd in = FileOf(json);
  if (!in) return failed_("on_transition: no memory for the verdict's JSON");
  pid_t pid = 0;
  if (const int code = Spawn(options.command, in.get(), &pid); code != 0) {
    return failed_(
        fmt::format("on_transition: cannot run {}: {}", program, std::generic_category().message(code)));
  }
  const Ended ended = Await(pid, options.timeout, stopping_.get());
  if (ended != Ended::kByItself) ::kill(-pid, SIGKILL);  // with whatever it started
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (ended == Ended::kTimeUp) {
    failed_(fmt::format("on_transition: {} did not end within {} ms and was killed", program,
                        options.timeout.count()));
  } else if (ended == Ended::kByItself && status != 0) {
    failed_(fmt::format("on_transition: {} {}", program, HowItEnded(status)));
  }
}

}  // namespace candor::daemon
