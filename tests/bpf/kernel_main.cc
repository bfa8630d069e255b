// SPDX-License-Identifier: Apache-2.0
//
// main() of the tests that load BPF programs: the canary runs first; when it does not return, the binary
// fails at once instead of hanging or skipping.
#include <gtest/gtest.h>

#include <iostream>

#include "canary.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (!testing::GTEST_FLAG(list_tests)) {
    const std::string wrong = candor::RunCanary();
    if (!wrong.empty()) {
      std::cerr << "KERNEL TESTS CANNOT RUN HERE: " << wrong << "\n";
      return 1;
    }
  }
  return RUN_ALL_TESTS();
}
