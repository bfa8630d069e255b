// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <initializer_list>

namespace candor {

// For good, of the calling thread: for children of a test. Ends the process when it does not succeed.
inline void DropCapabilities(std::initializer_list<int> which) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> sets{};
  if (::syscall(SYS_capget, &header, sets.data()) != 0) ::_exit(250);
  for (const int c : which) {
    auto& set = sets.at(static_cast<size_t>(c) / 32);
    set.effective &= ~(1u << (c % 32));
    set.permitted &= ~(1u << (c % 32));
    set.inheritable &= ~(1u << (c % 32));
  }
  if (::syscall(SYS_capset, &header, sets.data()) != 0) ::_exit(251);
}

}  // namespace candor
