// SPDX-License-Identifier: Apache-2.0
//
// A signal that a thread can wait for beside other descriptors (eventfd(2)). Thread-safe.
#pragma once

#include "base/time.h"
#include "base/unique_fd.h"

namespace candor {

class EventFd {
 public:
  EventFd();  // without an eventfd (EMFILE, ENFILE, ENOMEM): see works()
  bool works() const { return static_cast<bool>(fd_); }
  int fd() const { return fd_.get(); }  // readable while signalled

  void Signal() const;
  void Clear() const;
  // Until `descriptor` is readable, Signal() was called since the last wait, or `timeout` (rounded up to a
  // millisecond; at least 0) is over. Clears the signal. A `descriptor` of -1 is left out.
  void Wait(int descriptor, Duration timeout) const;

 private:
  UniqueFd fd_;
};

}  // namespace candor
