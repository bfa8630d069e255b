// SPDX-License-Identifier: Apache-2.0
//
// The entry point for libFuzzer. Compiled once for each target, with its function as CANDOR_FUZZ_TARGET.
#include "targets.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  candor::fuzz::CANDOR_FUZZ_TARGET({data, size});
  return 0;
}
