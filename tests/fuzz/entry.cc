// SPDX-License-Identifier: Apache-2.0
//
// libFuzzer's door. Compiled once for each target, whose function CANDOR_FUZZ_TARGET names.
#include "targets.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  candor::fuzz::CANDOR_FUZZ_TARGET({data, size});
  return 0;
}
