// SPDX-License-Identifier: Apache-2.0
#include "probe/kernel/blindness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>

#include <cerrno>

namespace candor {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(BlindByLoad, NamesTheMissingCapabilities) {
  const auto b = BlindByLoad({EPERM, {"CAP_BPF", "CAP_PERFMON"}, true, "libbpf: refused"});
  EXPECT_EQ(b.code, "no_capability");
  EXPECT_THAT(b.text, HasSubstr("lacks CAP_BPF, CAP_PERFMON;"));
}

TEST(BlindByLoad, ARefusalWithEveryCapabilityIsAPolicy) {
  const auto b = BlindByLoad({EPERM, {}, true, ""});
  EXPECT_EQ(b.code, "bpf_forbidden");
  EXPECT_THAT(b.text, HasSubstr("seccomp"));
}

TEST(BlindByLoad, ARejectionWithoutPerfmonIsAMissingCapability) {
  for (const int error : {EACCES, EINVAL}) {
    const auto b = BlindByLoad({error, {"CAP_PERFMON"}, true, "infinite loop detected"});
    EXPECT_EQ(b.code, "no_capability") << error;
    EXPECT_NE(b.text.find("lacks CAP_PERFMON;"), std::string::npos) << b.text;
  }
}

TEST(BlindByLoad, TheVerifiersRefusalKeepsItsLog) {
  const auto b = BlindByLoad({EACCES, {}, true, "R1 invalid mem access"});
  EXPECT_EQ(b.code, "load_failed");
  EXPECT_THAT(b.text, AllOf(HasSubstr("Permission denied"), HasSubstr("R1 invalid mem access")));
}

TEST(BlindByLoad, AccessDeniedWithoutCapabilitiesIsTheirLack) {
  EXPECT_EQ(BlindByLoad({EACCES, {"CAP_BPF"}, true, ""}).code, "no_capability");
}

TEST(BlindByLoad, AKernelWithoutTypesIsNamed) {
  const auto b = BlindByLoad({EINVAL, {}, false, ""});
  EXPECT_EQ(b.code, "no_btf");
  EXPECT_THAT(b.text, HasSubstr("CONFIG_DEBUG_INFO_BTF"));
}

TEST(BlindByLoad, MissingTypesDoNotHideAMissingRight) {
  EXPECT_EQ(BlindByLoad({EPERM, {"CAP_BPF"}, false, ""}).code, "no_capability");
}

TEST(BlindByAttach, AMissingDirectoryIsNamed) {
  const auto b = BlindByAttach({ENOENT, "/cg/media", true, {}});
  EXPECT_EQ(b.code, "cgroup_missing");
  EXPECT_THAT(b.text, HasSubstr("/cg/media does not exist"));
}

TEST(BlindByAttach, AFileInPlaceOfTheDirectoryCountsAsMissing) {
  EXPECT_EQ(BlindByAttach({ENOTDIR, "/cg/media", true, {}}).code, "cgroup_missing");
}

TEST(BlindByAttach, WithoutNetAdminNoForeignProgramIsBlamed) {
  const auto b = BlindByAttach({EPERM, "/cg", false, {{"/cg", "egress", 7, "fw", 0}}});
  EXPECT_EQ(b.code, "no_capability");
  EXPECT_THAT(b.text, AllOf(HasSubstr("CAP_NET_ADMIN"), Not(HasSubstr("fw"))));
}

TEST(BlindByAttach, NamesEveryForeignProgramWithItsFlags) {
  const auto b =
      BlindByAttach({EPERM,
                     "/cg/a",
                     true,
                     {{"/cg", "ingress", 7, "fw", 0}, {"/cg/a", "egress", 9, "", BPF_F_ALLOW_OVERRIDE}}});
  EXPECT_EQ(b.code, "foreign_exclusive_program");
  EXPECT_THAT(b.text, HasSubstr("program 7 'fw' (flags 0x0: exclusive) holds ingress of /cg"));
  EXPECT_THAT(b.text, HasSubstr("program 9 of unknown name (flags 0x1: override) holds egress of /cg/a"));
}

TEST(BlindByAttach, ARefusalWithoutAForeignProgramKeepsItsReason) {
  const auto b = BlindByAttach({EPERM, "/cg", true, {}});
  EXPECT_EQ(b.code, "attach_failed");
  EXPECT_THAT(b.text, HasSubstr("Operation not permitted"));
}

TEST(BlindByAttach, ADirectoryThatIsNoCgroupIsReported) {
  const auto b = BlindByAttach({EBADF, "/tmp", true, {}});
  EXPECT_EQ(b.code, "attach_failed");
  EXPECT_THAT(b.text, HasSubstr("cgroup v2"));
}

TEST(Blindness, EveryOtherReasonHasItsCodeAndItsFigures) {
  EXPECT_EQ(BlindWhileLoading().code, "loading");
  EXPECT_EQ(BlindWithoutCgroup2().code, "no_cgroup2");
  EXPECT_THAT(BlindByDeadline(std::chrono::seconds(12)).text, HasSubstr("12 s"));
  EXPECT_THAT(BlindByRemovedCgroup("/cg/x").text, HasSubstr("/cg/x was removed"));
  EXPECT_THAT(BlindByOverflow(31).text, HasSubstr("31 flow events"));
  EXPECT_THAT(BlindByForwarding({"0", "3"}).text, HasSubstr("table 0, 3"));
}

}  // namespace
}  // namespace candor
