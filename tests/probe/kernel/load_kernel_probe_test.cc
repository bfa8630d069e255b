// SPDX-License-Identifier: Apache-2.0
//
// Loading, pinning and taking over on a real kernel, with a BPF file system of the test's own.
#include "probe/kernel/load_kernel_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>

#include "tests/bpf/test_cgroup.h"

namespace candor {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

struct MemoryStore final : PinStore {
  const KeptPins& left() const override { return pins; }
  void Forget() override { pins.clear(); }
  void Keep(const KeptPins& kept) override {
    for (const auto& pin : kept) pins.push_back({pin.name, UniqueFd(::dup(pin.object.get()))});
  }
  KeptPins pins;
};

class LoadKernelProbeTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "candor-bpf-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    ASSERT_EQ(::mount("bpf", folder_.c_str(), "bpf", 0, nullptr), 0) << "needs root";
    options_.cgroup = cgroup_.path();
    options_.flows_max = 64;
    options_.pin = folder_ + "/candor";
    options_.keep_pins = true;
  }
  void TearDown() override {
    ::umount2(folder_.c_str(), MNT_DETACH);
    std::filesystem::remove(folder_);
  }
  // With probes that are attached.
  LoadResult Load(PinStore* store = nullptr) {
    LoadResult loaded = LoadKernelProbe(options_, ThreadForEach(), store);
    EXPECT_EQ(loaded.blindness.text, "");
    EXPECT_TRUE(loaded.probe && loaded.probe->StillAttached());
    return loaded;
  }

  const TestCgroup cgroup_{"load"};
  std::string folder_;
  ProbeOptions options_;
};

TEST_F(LoadKernelProbeTest, WithoutCgroup2ItIsBlindAndReleasesTheStore) {
  MemoryStore store;
  store.pins.push_back({"media-1/v1-1-1/flows", UniqueFd()});
  options_.proc = "/nonexistent";
  const LoadResult loaded = LoadKernelProbe(options_, ThreadForEach(), &store);
  EXPECT_FALSE(loaded.probe);
  EXPECT_EQ(loaded.blindness.code, "no_cgroup2");
  EXPECT_THAT(store.pins, IsEmpty());
}

TEST_F(LoadKernelProbeTest, PinsAreKeptFromOthersWhileHeldAndTakenOverAfterwards) {
  {
    const LoadResult first = Load();
    EXPECT_FALSE(first.taken_over);
    EXPECT_THAT(first.warnings, IsEmpty());
    EXPECT_THAT(Load().warnings, Contains(HasSubstr("another candord holds the pins")));
  }
  {
    const LoadResult next = Load();
    EXPECT_TRUE(next.taken_over);
    EXPECT_THAT(next.notes, Contains(HasSubstr("took over the probes and the flows")));
  }
  options_.port_min = 20000;
  options_.keep_pins = false;
  {
    const LoadResult other_ports = Load();
    EXPECT_TRUE(other_ports.taken_over);
    EXPECT_THAT(other_ports.notes, Contains(HasSubstr("replaced the programs and kept the flows")));
  }
  EXPECT_TRUE(std::filesystem::is_empty(options_.pin)) << "a clean end removes the pins";
}

TEST_F(LoadKernelProbeTest, AStoreBridgesACleanEnd) {
  options_.keep_pins = false;
  MemoryStore store;
  Load(&store);
  EXPECT_TRUE(std::filesystem::is_empty(options_.pin));
  ASSERT_FALSE(store.pins.empty());
  EXPECT_TRUE(Load(&store).taken_over);
}

}  // namespace
}  // namespace candor
