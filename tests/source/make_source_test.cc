// SPDX-License-Identifier: Apache-2.0
//
// What MakeSource() chooses. Loading and opening: tests/survive and tests/e2e.
#include "source/make_source.h"

#include <gtest/gtest.h>

#include <deque>

namespace candor {
namespace {

class MakeSourceTest : public ::testing::Test, public PinStore {
 protected:
  const KeptPins& left() const override { return left_; }
  void Forget() override { ++forgotten_; }
  void Keep(const KeptPins&) override {}

  std::unique_ptr<FlowSource> Make(SourceChoice::Kind kind) {
    Config config;
    config.source.choice = {kind, "no-such-if"};
    return MakeSource(config,
                      {.executor = [this](std::function<void()> task) { tasks_.push_back(std::move(task)); },
                       .pin_root = {},
                       .store = this,
                       .take_over = false,
                       .drop_capabilities = [](bool) { return Result<std::string>("none kept"); }});
  }

  KeptPins left_;
  int forgotten_ = 0;
  std::deque<std::function<void()>> tasks_;  // never run
};

TEST_F(MakeSourceTest, ACaptureClosesTheKeptProbesAndIsOpenedByTheExecutor) {
  const auto source = Make(SourceChoice::Kind::kPcap);
  EXPECT_EQ(source->Health().kind, "pcap");
  EXPECT_EQ(source->Health().target, "no-such-if");
  EXPECT_EQ(source->Health().blindness.code, "loading");
  EXPECT_EQ(forgotten_, 1);
  EXPECT_EQ(tasks_.size(), 1u);
}

TEST_F(MakeSourceTest, BpfIsLoadedByTheExecutorAndTriedFirst) {
  for (const auto kind : {SourceChoice::Kind::kBpf, SourceChoice::Kind::kAuto}) {
    tasks_.clear();
    const auto source = Make(kind);
    EXPECT_EQ(source->Health().kind, "bpf");
    EXPECT_EQ(source->Health().blindness.code, "loading");
    EXPECT_EQ(tasks_.size(), 1u);
  }
  EXPECT_EQ(forgotten_, 0);
}

}  // namespace
}  // namespace candor
