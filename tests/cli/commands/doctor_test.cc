// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/cli/fake_node.h"
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

HostFacts GoodHost() {
  HostFacts facts;
  facts.mounts = "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\nbpf /sys/fs/bpf bpf rw 0 0\n";
  facts.process_status = "CapEff:\t0000000000000000\n";
  facts.unprivileged_bpf = "2\n";
  facts.btf = true;
  return facts;
}

TEST(Doctor, FindsNothingWhereNothingIsWrong) {
  FakeNode node;
  node.answers.info = BpfInfo();
  const Ran ran = Ctl(node.address(), "doctor --strict", false, GoodHost());
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(
      ran.out,
      "OK    candord           candord 0.1.0 answers at " + node.address() +
          ", up 3 h 5 min\n"
          "OK    source            bpf on /sys/fs/cgroup\n"
          "OK    probes            the probes see\n"
          "OK    flow_map          349 of 65,536 entries used, 0 flows evicted since start\n"
          "OK    sockets           socket evidence of 1 network namespace: 0 of 5,526 received datagrams "
          "dropped, 0 of 5,606 sends failed\n"
          "OK    drop_reasons      the kernel reports drop reasons: 0 datagrams\n"
          "OK    drops             nothing lost in 987,654,321 packets\n"
          "OK    btf               the kernel has BTF (/sys/kernel/btf/vmlinux)\n"
          "OK    cgroup            cgroup v2 at /sys/fs/cgroup (pure)\n"
          "OK    bpffs             bpffs at /sys/fs/bpf\n"
          "OK    capabilities      candord is running; the caller's are not needed\n"
          "OK    unprivileged_bpf  kernel.unprivileged_bpf_disabled = 2: loading BPF needs "
          "capabilities\n");
}

TEST(Doctor, BlindnessFailsWithItsRemediation) {
  FakeNode node;
  node.answers.info = BpfInfo();
  node.answers.info.set_blindness_code("no_btf");
  node.answers.info.set_blindness_text("boot a kernel with BTF");
  const Ran ran = Ctl(node.address(), "doctor", false, GoodHost());
  EXPECT_EQ(ran.code, 6);
  EXPECT_THAT(ran.out, HasSubstr("FAIL  probes            blind (no_btf)\n"
                                 "                        remediation: boot a kernel with BTF\n"));
}

TEST(Doctor, AWarningCountsOnlyWhenStrict) {
  FakeNode node;
  node.answers.info = BpfInfo();
  HostFacts host = GoodHost();
  host.btf = false;
  EXPECT_EQ(Ctl(node.address(), "doctor", false, host).code, 0);
  EXPECT_EQ(Ctl(node.address(), "doctor --strict", false, host).code, 6);
}

TEST(Doctor, WorksWithoutACandord) {
  const Ran ran = Ctl("unix:/nowhere/candord.sock", "doctor", false, GoodHost());
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.out,
              StartsWith("FAIL  candord           cannot reach candord at unix:/nowhere/candord.sock: "
                         "there is no such socket; is candord running?"));
  EXPECT_THAT(ran.out, HasSubstr("\nOK    cgroup "));
  EXPECT_THAT(ran.out, HasSubstr("\nWARN  capabilities "));
}

TEST(Doctor, ACallThatFailsIsNotAnAbsentCandord) {
  FakeNode node;
  node.answers.info_code = 12;  // UNIMPLEMENTED
  const Ran ran = Ctl(node.address(), "doctor", false, GoodHost());
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.out, HasSubstr("does not serve this call; it is not candord"));
}

TEST(Doctor, JsonIsAFindingALine) {
  const Ran ran = Ctl("unix:/nowhere/candord.sock", "doctor -o json", false, GoodHost());
  std::istringstream lines(ran.out);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    google::protobuf::Struct finding;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(line, &finding).ok()) << line;
    for (const char* field : {"check", "grade", "text", "remediation"})
      EXPECT_EQ(finding.fields().count(field), 1u) << line;
  }
  EXPECT_EQ(count, 6);
  EXPECT_THAT(ran.out, StartsWith("{\"check\":\"candord\",\"grade\":\"FAIL\","));
}

TEST(Doctor, HostileTextFromTheWireOrTheHostIsEscaped) {
  FakeNode node;
  node.answers.info = BpfInfo();
  for (auto* text :
       {node.answers.info.mutable_version(), node.answers.info.mutable_source(),
        node.answers.info.mutable_blindness_code(), node.answers.info.mutable_blindness_text()}) {
    *text = kHostile;
  }
  node.answers.info.add_notes(kHostile);
  node.answers.info.add_warnings(kHostile);
  HostFacts host = GoodHost();
  host.mounts = "cgroup2 /a\\033b cgroup2 rw 0 0\nbpf /\x1b[2J bpf rw 0 0\n";
  const std::string out = Ctl(node.address(), "doctor", false, host).out;
  for (const char c : out) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_THAT(out, HasSubstr("cgroup v2 at /a\\x1bb (pure)"));
}

}  // namespace
}  // namespace candor::cli
