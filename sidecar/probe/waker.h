// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.h"
#include "base/unique_fd.h"

namespace candor {

// A wait for a descriptor that another thread can cut short. Where the kernel gives no eventfd, it cannot.
class Waker {
 public:
  Waker();
  bool works() const { return static_cast<bool>(event_); }
  void Wake() const;  // thread-safe
  // Until `descriptor` is readable, Wake() was called since the last wait, or `timeout` (rounded up to a
  // millisecond) is over.
  void Wait(int descriptor, Duration timeout) const;

 private:
  UniqueFd event_;
};

}  // namespace candor
