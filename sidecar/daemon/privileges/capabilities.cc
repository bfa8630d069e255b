// SPDX-License-Identifier: Apache-2.0
#include "daemon/privileges/capabilities.h"

#include <cap-ng.h>
#include <linux/capability.h>
#include <sys/prctl.h>

#include <algorithm>
#include <cctype>
#include <cerrno>

namespace candor::daemon {

CapabilitySet PermittedCapabilities() {
  if (capng_get_caps_process() != 0) return 0;
  CapabilitySet set = 0;
  for (int c = 0; c <= CAP_LAST_CAP; ++c) {
    if (capng_have_capability(CAPNG_PERMITTED, static_cast<unsigned>(c)) != 0) set |= SetOf(c);
  }
  return set;
}

Result<void> LimitCapabilities(CapabilitySet kept) {
  kept &= PermittedCapabilities();
  capng_clear(CAPNG_SELECT_CAPS);
  constexpr auto kBoth = static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED);
  for (int c = 0; c <= CAP_LAST_CAP; ++c) {
    if ((kept & SetOf(c)) != 0) capng_update(CAPNG_ADD, kBoth, static_cast<unsigned>(c));
  }
  // The kernel drops each ambient capability that is no longer inheritable.
  if (capng_apply(CAPNG_SELECT_CAPS) != 0) return FailErrno("cannot give capabilities up", errno);
  return {};
}

std::string CapabilityNames(CapabilitySet set) {
  std::string out;
  for (int c = 0; c <= CAP_LAST_CAP; ++c) {
    if ((set & SetOf(c)) == 0) continue;
    std::string name = capng_capability_to_name(static_cast<unsigned>(c));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char l) { return std::toupper(l); });
    out += (out.empty() ? "CAP_" : ", CAP_") + name;
  }
  return out.empty() ? "none" : out;
}

Result<void> ForbidNewPrivileges() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return FailErrno("cannot set no_new_privs", errno);
  capng_get_caps_process();
  capng_clear(CAPNG_SELECT_BOUNDS);
  capng_apply(CAPNG_SELECT_BOUNDS);  // fails without CAP_SETPCAP: no_new_privs forbids the same
  return {};
}

}  // namespace candor::daemon
