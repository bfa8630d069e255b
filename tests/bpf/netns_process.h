// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <functional>

#include "base/unique_fd.h"
#include "test_cgroup.h"

namespace candor {

// A child of the test, in a cgroup and alone in a network namespace whose loopback is up, with Ethernet's
// MTU. There `serve` runs, with its end of a socket that keeps messages apart, until the other end is closed;
// it returns 0 then.
class NetnsProcess {
 public:
  NetnsProcess(const TestCgroup& group, const std::function<int(const UniqueFd& socket)>& serve);
  ~NetnsProcess();  // expects that it ended well
  NetnsProcess(const NetnsProcess&) = delete;
  NetnsProcess& operator=(const NetnsProcess&) = delete;

  const UniqueFd& socket() const { return here_; }

 private:
  UniqueFd here_;
  pid_t child_ = 0;
};

}  // namespace candor
