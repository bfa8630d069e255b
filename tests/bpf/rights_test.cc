// SPDX-License-Identifier: Apache-2.0
//
// Causes of blindness on a real kernel: foreign programs, cgroups that are removed and recreated, missing
// capabilities.
#include <bpf/bpf.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <optional>

#include "drop_capabilities.h"
#include "event_recorder.h"
#include "exclusive_program.h"
#include "peers.h"
#include "test_cgroup.h"
#include "tests/packets/packets.h"

namespace candor {
namespace {

using testing::HasSubstr;
using testing::Not;

void ExpectEvents(EventRecorder& recorder, const TestCgroup& cgroup) {
  const Server server(cgroup, "127.0.0.1");
  const Client client("127.0.0.1", server.port());
  ASSERT_EQ(client.Exchange(Check("node:peer", 3, true)), CheckAnswer(3));
  EXPECT_TRUE(recorder.UntilPhase(server.port(), CANDOR_PHASE_NOMINATED));
}

TEST(RightsTest, AForeignProgramAndARemovedCgroupBlindUntilTheyEnd) {
  const TestCgroup cgroup("rights");
  std::optional<ExclusiveProgram> guard(std::in_place, cgroup.path(), "foreign_guard", 1);
  ASSERT_TRUE(guard->attached());
  EventRecorder recorder(OptionsFor(cgroup.path()));
  EXPECT_EQ(recorder.source().Health().blindness.code, "foreign_exclusive_program");
  EXPECT_THAT(recorder.source().Health().blindness.text,
              HasSubstr("'foreign_guard' (flags 0x0: exclusive) holds egress of " + cgroup.path()));
  EXPECT_THAT(recorder.source().Health().blindness.text, Not(HasSubstr("ingress")));
  guard.reset();
  ASSERT_TRUE(recorder.UntilCode(""));
  ExpectEvents(recorder, cgroup);

  ASSERT_TRUE(cgroup.Remove());
  ASSERT_TRUE(recorder.UntilCode("cgroup_removed"));
  cgroup.Make();
  ASSERT_TRUE(recorder.UntilCode(""));
  EXPECT_THAT(recorder.source().Health().notes, testing::Contains(HasSubstr("attached again 1 time ")));
  ExpectEvents(recorder, cgroup);
}

// The blindness of a source in a process without the capabilities `which`: "code: text".
std::string BlindnessWithout(std::initializer_list<int> which, const std::string& cgroup) {
  std::array<int, 2> answer{};
  if (::pipe(answer.data()) != 0) return "no pipe";
  const pid_t child = Fork([&] {
    DropCapabilities(which);
    EventRecorder recorder(OptionsFor(cgroup));
    const auto b = recorder.source().Health().blindness;
    const std::string text = b.code + ": " + b.text;
    return ::write(answer[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1;
  });
  ::close(answer[1]);
  const UniqueFd from(answer[0]);
  EXPECT_EQ(Await(child), 0);
  std::string text(4096, '\0');
  text.resize(static_cast<size_t>(std::max<ssize_t>(0, ::read(from.get(), text.data(), text.size()))));
  return text;
}

TEST(RightsTest, WithoutTheRightToLoadTheMissingCapabilitiesAreNamed) {
  const TestCgroup cgroup("unloaded");
  EXPECT_THAT(
      BlindnessWithout({CAP_BPF, CAP_PERFMON, CAP_SYS_ADMIN}, cgroup.path()),
      testing::StartsWith("no_capability: the kernel refused to load the probes because the process lacks "
                          "CAP_BPF, CAP_PERFMON;"));
}

TEST(RightsTest, WithoutTheRightToAttachNetAdminIsNamed) {
  const TestCgroup cgroup("unattached");
  EXPECT_THAT(BlindnessWithout({CAP_NET_ADMIN, CAP_SYS_ADMIN}, cgroup.path()),
              testing::AllOf(testing::StartsWith("no_capability: "), HasSubstr("lacks CAP_NET_ADMIN")));
}

TEST(RightsTest, WithoutPerfmonTheVerifierRefusesAndItIsNamed) {
  const TestCgroup cgroup("unproven");
  EXPECT_THAT(BlindnessWithout({CAP_SYS_ADMIN, CAP_PERFMON}, cgroup.path()),
              testing::AllOf(testing::StartsWith("no_capability: "), HasSubstr("lacks CAP_PERFMON;")));
}

TEST(RightsTest, TheThreeNamedCapabilitiesSuffice) {
  const TestCgroup cgroup("sufficient");
  EXPECT_EQ(
      BlindnessWithout({CAP_SYS_ADMIN, CAP_DAC_OVERRIDE, CAP_SYS_RESOURCE, CAP_SYS_PTRACE}, cgroup.path()),
      ": ");
}

}  // namespace
}  // namespace candor
