// SPDX-License-Identifier: Apache-2.0
#include "probe/load/capabilities.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

namespace candor {
namespace {

bool Has(uint64_t set, int capability) { return ((set >> capability) & 1) != 0; }

}  // namespace

uint64_t OwnCapabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> sets{};
  if (::syscall(SYS_capget, &header, sets.data()) != 0) return ~uint64_t{0};
  return uint64_t{sets[1].effective} << 32 | sets[0].effective;
}

std::vector<std::string> MissingCapabilities(uint64_t effective) {
  std::vector<std::string> out;
  const bool admin = Has(effective, CAP_SYS_ADMIN);
  if (!admin && !Has(effective, CAP_BPF)) out.emplace_back("CAP_BPF");
  if (!HasNetAdmin(effective)) out.emplace_back("CAP_NET_ADMIN");
  if (!admin && !Has(effective, CAP_PERFMON)) out.emplace_back("CAP_PERFMON");
  return out;
}

bool HasNetAdmin(uint64_t effective) { return Has(effective, CAP_NET_ADMIN); }

}  // namespace candor
