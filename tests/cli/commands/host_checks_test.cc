// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/host_checks.h"

#include <gtest/gtest.h>

namespace candor::cli {
namespace {

constexpr const char* kPure =
    "proc /proc proc rw 0 0\n"
    "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nsdelegate 0 0\n"
    "bpf /sys/fs/bpf bpf rw,mode=700 0 0\n";
constexpr const char* kHybrid =
    "tmpfs /sys/fs/cgroup tmpfs rw,mode=755 0 0\n"
    "cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\n"
    "cgroup /sys/fs/cgroup/systemd cgroup rw,name=systemd 0 0\n"
    "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n";
constexpr const char* kV1 = "cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\n";

std::string Status(const char* cap_eff) {
  return std::string("Name:\tcandorctl\nCapPrm:\tffffffffffffffff\nCapEff:\t") + cap_eff +
         "\nCapBnd:\t000001ffffffffff\n";
}

TEST(MountsOf, MatchesTheWholeTypeAndDecodesThePath) {
  EXPECT_EQ(MountsOf(kHybrid, "cgroup2"), std::vector<std::string>{"/sys/fs/cgroup/unified"});
  EXPECT_EQ(MountsOf(kHybrid, "cgroup").size(), 2u);
  EXPECT_EQ(MountsOf("none /a\\040b\\134c bpf rw 0 0", "bpf"), std::vector<std::string>{"/a b\\c"});
  EXPECT_EQ(MountsOf("none /a\\04 bpf rw 0 0", "bpf"), std::vector<std::string>{"/a\\04"});
  EXPECT_EQ(MountsOf("none /a\\09x bpf rw 0 0", "bpf"), std::vector<std::string>{"/a\\09x"});
}

TEST(MountsOf, BrokenTextHasNoMounts) {
  for (const char* text : {"", "\n\n", "x", "x /y", "x /y ", "bpf bpf"}) {
    EXPECT_TRUE(MountsOf(text, "bpf").empty()) << text;
  }
}

TEST(CheckCgroup, GradesTheLayouts) {
  struct Row {
    std::optional<std::string> mounts;
    Grade grade;
    const char* says;
  };
  const Row rows[] = {
      {kPure, Grade::kOk, "cgroup v2 at /sys/fs/cgroup (pure)"},
      {kHybrid, Grade::kOk, "cgroup v2 at /sys/fs/cgroup/unified (hybrid, beside v1)"},
      {kV1, Grade::kFail, "only cgroup v1 is mounted: the BPF probes have nothing to attach to"},
      {"", Grade::kFail, "no cgroup file system is mounted: the BPF probes have nothing to attach to"},
      {std::nullopt, Grade::kWarn, "/proc/mounts is not readable"},
  };
  for (const Row& row : rows) {
    const Finding finding = CheckCgroup(row.mounts, "cgroup:[4026531835]");
    EXPECT_EQ(finding.grade, row.grade) << row.says;
    EXPECT_EQ(finding.text, row.says);
    EXPECT_EQ(finding.remediation.empty(), row.grade == Grade::kOk) << row.says;
  }
}

TEST(CheckCgroup, APrivateCgroupNamespaceIsAWarningWithTheOptionsThatEndIt) {
  const Finding finding = CheckCgroup(kPure, "cgroup:[4026532710]");
  EXPECT_EQ(finding.grade, Grade::kWarn);
  EXPECT_NE(finding.text.find("cgroup namespace of its own"), std::string::npos) << finding.text;
  EXPECT_NE(finding.remediation.find("--cgroupns=host"), std::string::npos) << finding.remediation;
  EXPECT_EQ(CheckCgroup(kPure, std::nullopt).grade, Grade::kOk) << "not readable";
  EXPECT_EQ(CheckCgroup(kV1, "cgroup:[4026532710]").grade, Grade::kFail);
}

TEST(CheckBpffs, MissingIsAWarningWithTheMountCommand) {
  EXPECT_EQ(CheckBpffs(kPure).text, "bpffs at /sys/fs/bpf");
  EXPECT_EQ(CheckBpffs(kPure).grade, Grade::kOk);
  EXPECT_EQ(CheckBpffs(kHybrid).grade, Grade::kWarn);
  EXPECT_EQ(CheckBpffs(kHybrid).remediation, "mount -t bpf bpf /sys/fs/bpf");
  EXPECT_EQ(CheckBpffs(std::nullopt).grade, Grade::kWarn);
}

TEST(EffectiveCapabilities, ReadsTheEffectiveSetOnly) {
  EXPECT_EQ(EffectiveCapabilities(Status("000001fffeffffff")), 0x1fffeffffffu);
  EXPECT_EQ(EffectiveCapabilities(Status("0000000000000000")), 0u);
  EXPECT_EQ(EffectiveCapabilities("CapEff:"), std::nullopt);
  EXPECT_EQ(EffectiveCapabilities("CapEff:\tzz"), std::nullopt);
  EXPECT_EQ(EffectiveCapabilities("CapEff:\t12 34"), std::nullopt);
  EXPECT_EQ(EffectiveCapabilities("CapEff:\tfffffffffffffffff"), std::nullopt);
  EXPECT_EQ(EffectiveCapabilities(""), std::nullopt);
}

TEST(CheckCapabilities, ReportsWhatACandordOfTheCallerCouldDo) {
  struct Row {
    const char* cap_eff;
    Grade grade;
    const char* part;
  };
  const Row rows[] = {
      {"000001ffffffffff", Grade::kOk, "may load every probe"},
      {"000000c000001000", Grade::kOk, "may load every probe"},   // BPF, PERFMON, NET_ADMIN
      {"0000000000201000", Grade::kOk, "may load every probe"},   // SYS_ADMIN, NET_ADMIN
      {"0000008000001000", Grade::kWarn, "refuses the probes"},   // BPF, NET_ADMIN
      {"000000c000000000", Grade::kWarn, "neither load BPF"},     // no NET_ADMIN: cannot attach
      {"0000000000002000", Grade::kWarn, "may capture packets"},  // NET_RAW
      {"0000000000000000", Grade::kWarn, "it would be BLIND"},
  };
  for (const Row& row : rows) {
    const Finding finding = CheckCapabilities(Status(row.cap_eff), false);
    EXPECT_EQ(finding.grade, row.grade) << row.cap_eff;
    EXPECT_NE(finding.text.find(row.part), std::string::npos) << row.cap_eff << ": " << finding.text;
  }
}

TEST(CheckCapabilities, DoNotMatterWhileCandordAnswers) {
  EXPECT_EQ(CheckCapabilities(Status("0"), true).grade, Grade::kOk);
  EXPECT_EQ(CheckCapabilities(std::nullopt, true).grade, Grade::kOk);
  EXPECT_EQ(CheckCapabilities(std::nullopt, false).grade, Grade::kWarn);
}

TEST(CheckUnprivilegedBpf, OnlyAnOpenOrAMissingSwitchIsAWarning) {
  EXPECT_EQ(CheckUnprivilegedBpf("2\n").grade, Grade::kOk);
  EXPECT_EQ(CheckUnprivilegedBpf("1\n").grade, Grade::kOk);
  EXPECT_EQ(CheckUnprivilegedBpf("0\n").grade, Grade::kWarn);
  EXPECT_EQ(CheckUnprivilegedBpf("0\n").remediation, "sysctl kernel.unprivileged_bpf_disabled=2");
  EXPECT_EQ(CheckUnprivilegedBpf(std::nullopt).grade, Grade::kWarn);
  EXPECT_EQ(CheckUnprivilegedBpf("").grade, Grade::kWarn);
}

TEST(CheckBtf, MissingIsAWarning) {
  EXPECT_EQ(CheckBtf(true).grade, Grade::kOk);
  EXPECT_EQ(CheckBtf(false).grade, Grade::kWarn);
  EXPECT_FALSE(CheckBtf(false).remediation.empty());
}

TEST(CheckHost, RunsEveryCheckOnce) {
  HostFacts facts;
  facts.mounts = kPure;
  facts.process_status = Status("000001ffffffffff");
  facts.unprivileged_bpf = "2\n";
  facts.btf = true;
  facts.cgroup_namespace = "cgroup:[4026531835]";
  std::vector<std::string> checks;
  for (const Finding& finding : CheckHost(facts, false)) {
    EXPECT_EQ(finding.grade, Grade::kOk) << finding.check;
    checks.push_back(finding.check);
  }
  EXPECT_EQ(checks, (std::vector<std::string>{"btf", "cgroup", "bpffs", "capabilities", "unprivileged_bpf"}));
}

}  // namespace
}  // namespace candor::cli
