// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/host_facts.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace candor::cli {
namespace {

void Write(const std::filesystem::path& path, const char* text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

TEST(HostFacts, AreReadBelowTheRootThatIsGiven) {
  const std::filesystem::path root = std::filesystem::path(testing::TempDir()) / "candor_host_facts";
  std::filesystem::remove_all(root);
  Write(root / "proc/mounts", "bpf /sys/fs/bpf bpf rw 0 0\n");
  Write(root / "proc/self/status", "CapEff:\t0\n");
  Write(root / "proc/sys/kernel/unprivileged_bpf_disabled", "2\n");
  std::filesystem::create_directories(root / "proc/self/ns");
  std::filesystem::create_symlink("cgroup:[1]", root / "proc/self/ns/cgroup");
  Write(root / "sys/kernel/btf/vmlinux", "btf");
  const HostFacts facts = ReadHostFacts(root.string() + "/");
  EXPECT_EQ(facts.mounts, "bpf /sys/fs/bpf bpf rw 0 0\n");
  EXPECT_EQ(facts.process_status, "CapEff:\t0\n");
  EXPECT_EQ(facts.unprivileged_bpf, "2\n");
  EXPECT_EQ(facts.cgroup_namespace, "cgroup:[1]");
  EXPECT_TRUE(facts.btf);
  std::filesystem::remove_all(root);
}

TEST(HostFacts, AMissingFileIsNullopt) {
  const HostFacts facts = ReadHostFacts("/nowhere/");
  EXPECT_EQ(facts.mounts, std::nullopt);
  EXPECT_EQ(facts.process_status, std::nullopt);
  EXPECT_EQ(facts.unprivileged_bpf, std::nullopt);
  EXPECT_EQ(facts.cgroup_namespace, std::nullopt);
  EXPECT_FALSE(facts.btf);
}

}  // namespace
}  // namespace candor::cli
