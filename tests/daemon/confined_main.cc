// SPDX-License-Identifier: Apache-2.0
//
// main() of tests whose subject candord runs without capabilities and under its filter of system calls, as
// users run it: so do these tests. What needs more is done before main().
#include <gtest/gtest.h>

#include "tests/daemon/confine.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  candor::daemon::ConfineOrExit();
  return RUN_ALL_TESTS();
}
