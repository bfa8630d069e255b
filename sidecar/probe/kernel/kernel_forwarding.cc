// SPDX-License-Identifier: Apache-2.0
#include "probe/kernel/kernel_forwarding.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace candor {

std::vector<std::string> ForwardingTables(const std::string& proc) {
  std::vector<std::string> out;
  std::error_code none;
  for (std::filesystem::directory_iterator it(proc + "/rtpengine", none), end; !none && it != end;
       it.increment(none)) {
    const std::string name = it->path().filename();
    const bool number = std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (number) out.push_back(name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace candor
