// SPDX-License-Identifier: Apache-2.0
#include "probe/waker.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>

namespace candor {

Waker::Waker() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Waker::Wake() const {
  const uint64_t one = 1;
  // It fails only when it is full of wakings already.
  [[maybe_unused]] const ssize_t rc = ::write(event_.get(), &one, sizeof one);
}

void Waker::Wait(int descriptor, Duration timeout) const {
  pollfd both[] = {{event_.get(), POLLIN, 0}, {descriptor, POLLIN, 0}};
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
  ::poll(both, 2, static_cast<int>(ms));  // negative descriptors are left out; an interrupted wait is over
  if ((both[0].revents & POLLIN) == 0) return;
  uint64_t wakings = 0;
  [[maybe_unused]] const ssize_t rc = ::read(event_.get(), &wakings, sizeof wakings);
}

}  // namespace candor
