// SPDX-License-Identifier: Apache-2.0
#include "net/acceptor_thread.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace candor {
namespace {

constexpr int kPauseMillis = 50;  // poll() would spin: those who wait make the listener readable
constexpr int kAtOnce = 64;       // then the other listeners get their turn

}  // namespace

// Without it the thread could never be told to end.
Result<std::unique_ptr<AcceptorThread>> AcceptorThread::Open(std::vector<Listener> listeners,
                                                             OnAccept on_accept, OnShortage trouble) {
  UniqueFd stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!stop) return FailErrno("cannot accept connections", errno);
  return std::unique_ptr<AcceptorThread>(
      new AcceptorThread(std::move(listeners), std::move(on_accept), std::move(trouble), std::move(stop)));
}

AcceptorThread::AcceptorThread(std::vector<Listener> listeners, OnAccept on_accept, OnShortage trouble,
                               UniqueFd stop)
    : listeners_(std::move(listeners)),
      on_accept_(std::move(on_accept)),
      on_shortage_(std::move(trouble)),
      stop_(std::move(stop)),
      thread_([this] { Run(); }) {}

AcceptorThread::~AcceptorThread() { Close(); }

void AcceptorThread::Close() {
  if (!thread_.joinable()) return;
  const uint64_t one = 1;
  while (::write(stop_.get(), &one, sizeof one) < 0 && errno == EINTR) {
  }
  thread_.join();
  for (const Listener& l : listeners_) {
    if (!l.path.empty()) RemoveSocketFile(l.path, l.file);
  }
  listeners_.clear();
}

void AcceptorThread::Run() {
  std::vector<pollfd> fds = {{stop_.get(), POLLIN, 0}};
  for (const Listener& l : listeners_) fds.push_back({l.fd.get(), POLLIN, 0});
  while (fds[0].revents == 0) {
    if (::poll(fds.data(), fds.size(), -1) <= 0) continue;
    bool room = true;
    for (size_t i = 0; i < listeners_.size(); ++i) {
      if (fds[i + 1].revents != 0) room = Accept(listeners_[i]) && room;
    }
    if (!room) ::poll(fds.data(), 1, kPauseMillis);
  }
}

bool AcceptorThread::Accept(const Listener& listener) {
  for (int i = 0; i < kAtOnce; ++i) {
    UniqueFd fd(::accept4(listener.fd.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (fd) {
      Tell("");
      on_accept_(listener.fd.get(), fd.Release());
    } else if (errno == EAGAIN) {
      return true;
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      Tell("connections to " + listener.text + " have to wait: " + std::strerror(errno));
      return false;
    }  // else: that one has gone again
  }
  return true;
}

void AcceptorThread::Tell(const std::string& trouble) {
  if (trouble == shortage_) return;
  shortage_ = trouble;
  if (on_shortage_) on_shortage_(trouble);
}

}  // namespace candor
