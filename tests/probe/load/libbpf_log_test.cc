// SPDX-License-Identifier: Apache-2.0
#include "probe/load/libbpf_log.h"

#include <bpf/libbpf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace candor {
namespace {

// Opening a file that does not exist makes libbpf complain with its name.
void Complain(const char* name) { EXPECT_EQ(bpf_object__open(name), nullptr); }

TEST(LibbpfLog, KeepsWhatLibbpfPrints) {
  const LibbpfLog log;
  Complain("/nonexistent/probe.o");
  EXPECT_THAT(log.Tail(), testing::HasSubstr("/nonexistent/probe.o"));
}

TEST(LibbpfLog, KeepsTheLastLinesOnly) {
  LibbpfLog log(2);
  log.Add("first\nsecond\n\nthird\n");
  EXPECT_EQ(log.Tail(), "second | third");
}

TEST(LibbpfLog, CapturesItsOwnThreadOnly) {
  const LibbpfLog log;
  std::thread([] { Complain("/nonexistent/other.o"); }).join();
  EXPECT_EQ(log.Tail(), "");
}

}  // namespace
}  // namespace candor
