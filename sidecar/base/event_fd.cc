// SPDX-License-Identifier: Apache-2.0
#include "base/event_fd.h"

#include <sys/eventfd.h>

#include <algorithm>

#include "base/poll.h"

namespace candor {

EventFd::EventFd() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void EventFd::Signal() const {
  const uint64_t one = 1;
  // EAGAIN: it is full of signals already.
  while (::write(fd_.get(), &one, sizeof one) < 0 && errno == EINTR) {
  }
}

void EventFd::Clear() const {
  uint64_t signals = 0;
  [[maybe_unused]] const ssize_t rc = ::read(fd_.get(), &signals, sizeof signals);
}

void EventFd::Wait(int descriptor, Duration timeout) const {
  pollfd both[] = {{fd_.get(), POLLIN, 0}, {descriptor, POLLIN, 0}};
  PollFds(both, std::max(timeout, Duration::zero()));
  if ((both[0].revents & POLLIN) != 0) Clear();
}

}  // namespace candor
