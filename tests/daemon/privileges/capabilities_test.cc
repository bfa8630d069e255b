// SPDX-License-Identifier: Apache-2.0
#include "daemon/privileges/capabilities.h"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/prctl.h>

#include "tests/daemon/privileges/in_child.h"

namespace candor::daemon {
namespace {

TEST(Capabilities, OnlyThoseThatAreKeptAreLeft) {
  EXPECT_EQ(InChild([] {
              const CapabilitySet had = PermittedCapabilities();
              if (!LimitCapabilities(SetOf(CAP_NET_ADMIN))) return 100;
              if (PermittedCapabilities() != (had & SetOf(CAP_NET_ADMIN))) return 1;
              if (!LimitCapabilities(0) || PermittedCapabilities() != 0) return 2;
              return LimitCapabilities(SetOf(CAP_NET_ADMIN)) && PermittedCapabilities() != 0
                         ? 3
                         : 0;  // none comes back
            }),
            0);
}

TEST(Capabilities, NewProgramsGainNoPrivileges) {
  EXPECT_EQ(InChild([] {
              if (!ForbidNewPrivileges()) return 100;
              return ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 1;
            }),
            0);
}

TEST(Capabilities, HaveTheNamesOfTheManualPage) {
  EXPECT_EQ(CapabilityNames(0), "none");
  EXPECT_EQ(CapabilityNames(SetOf(CAP_NET_RAW) | SetOf(CAP_BPF)), "CAP_NET_RAW, CAP_BPF");
}

}  // namespace
}  // namespace candor::daemon
