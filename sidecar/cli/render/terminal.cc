// SPDX-License-Identifier: Apache-2.0
#include "cli/render/terminal.h"

#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string_view>

#include "base/poll.h"
#include "base/unique_fd.h"

namespace candor::cli {
namespace {

void Write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(STDOUT_FILENO, text.data(), text.size());
    if (n < 0 && errno != EINTR && errno != EAGAIN) return;  // the terminal is gone: Wait() returns kQuit
    if (n > 0) text.remove_prefix(static_cast<size_t>(n));
  }
}

class RealTerminal final : public Terminal {
 public:
  RealTerminal(const termios& before, UniqueFd signals) : before_(before), signals_(std::move(signals)) {
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    Write("\x1b[?1049h\x1b[?25l");
  }
  ~RealTerminal() override {
    Write("\x1b[?25h\x1b[?1049l");
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }

  TerminalSize Size() override {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
    return {size.ws_col, size.ws_row};
  }

  void Show(const std::string& screen) override {
    // Each line clears its own rest, the last one the screen below: a clear before would flicker.
    std::string out = "\x1b[H";
    for (const char c : screen) out += c == '\n' ? std::string("\x1b[K\r\n") : std::string(1, c);
    Write(out + "\x1b[K\x1b[J");
  }

  Key Wait(std::chrono::milliseconds timeout) override {
    pollfd fds[] = {{STDIN_FILENO, POLLIN, 0}, {signals_.get(), POLLIN, 0}};
    if (PollFds(fds, timeout) <= 0) return Key::kNothing;
    if (fds[1].revents != 0) {
      signalfd_siginfo signal{};
      if (::read(signals_.get(), &signal, sizeof signal) != sizeof signal) return Key::kNothing;
      return signal.ssi_signo == SIGWINCH ? Key::kResized : Key::kQuit;
    }
    char c = 0;
    if (::read(STDIN_FILENO, &c, 1) != 1) return Key::kQuit;  // the terminal is gone
    return c == 'q' || c == 'Q' ? Key::kQuit : Key::kOther;
  }

 private:
  const termios before_;
  const UniqueFd signals_;
};

}  // namespace

std::unique_ptr<Terminal> OpenTerminal() {
  termios before{};
  if (::isatty(STDOUT_FILENO) != 1 || ::tcgetattr(STDIN_FILENO, &before) != 0) return nullptr;
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGWINCH}) sigaddset(&set, signal);
  if (pthread_sigmask(SIG_BLOCK, &set, nullptr) != 0) return nullptr;
  UniqueFd signals(::signalfd(-1, &set, SFD_CLOEXEC));
  if (!signals) return nullptr;
  return std::make_unique<RealTerminal>(before, std::move(signals));
}

}  // namespace candor::cli
