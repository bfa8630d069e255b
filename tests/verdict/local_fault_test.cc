// SPDX-License-Identifier: Apache-2.0
#include "verdict/local_fault.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

LocalFacts Read() {
  LocalFacts f;
  f.at = Time(std::chrono::seconds(100));
  return f;
}

TEST(LocalFault, WhatWasNotReadOrIsInOrderIsNone) {
  EXPECT_EQ(LocalFaultOf({}).code, "");
  LocalFacts f = Read();
  f.descriptors = Descriptors{{12, "janus"}, 100, 1024};
  SocketFacts sockets;
  sockets.range_size = 100, sockets.range_bound = 40;
  f.sockets = sockets;
  EXPECT_EQ(LocalFaultOf(f).code, "");
}

TEST(LocalFault, UsedUpDescriptorsAndPortsKeepMediaAway) {
  LocalFacts f = Read();
  f.descriptors = Descriptors{{12, "janus"}, 1024, 1024};
  const LocalFault fault = LocalFaultOf(f);
  EXPECT_EQ(fault.code, "descriptors_exhausted");
  EXPECT_NE(fault.text.find("1024"), std::string::npos) << fault.text;
  EXPECT_EQ(fault.at, f.at);
  SocketFacts sockets;
  sockets.range_size = sockets.range_bound = 100;
  f.sockets = sockets;
  EXPECT_EQ(LocalFaultOf(f).code, "ports_exhausted");
}

TEST(LocalFault, DescriptorsAreUsedUpWhereACallFindsTooFew) {
  LocalFacts f = Read();
  const auto none_left = [&f](uint64_t used, uint64_t limit) {
    f.descriptors = Descriptors{{12, "janus"}, used, limit};
    const LocalFault fault = LocalFaultOf(f);
    EXPECT_EQ(fault.code, "descriptors_exhausted") << used;
    EXPECT_EQ(fault.text.find("nearly") == std::string::npos, !fault.no_descriptors.empty()) << fault.text;
    return fault.no_descriptors;
  };
  EXPECT_EQ(none_left(64300, 65536), "") << "98 %, and all calls are served";
  EXPECT_EQ(none_left(65532, 65536), "");
  EXPECT_NE(none_left(65533, 65536), "");
  f.frozen = f.cgroup = std::string("/system.slice/janus.service");
  EXPECT_EQ(LocalFaultOf(f).code, "frozen");
  EXPECT_NE(LocalFaultOf(f).no_descriptors.find("65533"), std::string::npos) << "beside another fault";
}

TEST(LocalFault, ARestartLoopIsNamedBeforeTheSocketsThatItTakesAway) {
  LocalFacts f = Read();
  ProcessFacts processes;
  processes.processes = 1, processes.restarts = 3;
  f.processes = processes;
  EXPECT_EQ(LocalFaultOf(f).code, "") << "helpers that are started for each call, maybe";
  processes.replaced = 1;
  f.processes = processes;
  SocketFacts sockets;
  sockets.gone = {7882};
  f.sockets = sockets;
  EXPECT_EQ(LocalFaultOf(f).code, "restart_loop");
  EXPECT_FALSE(LocalFaultOf(f).whole) << "of an operator, maybe";
  processes.replaced = 2;
  f.processes = processes;
  EXPECT_TRUE(LocalFaultOf(f).whole);
  EXPECT_TRUE(LocalFaultOf(f).restarts);
}

TEST(LocalFault, AServerThatHasBegunAgainAndIsGoneAgainRestarts) {
  LocalFacts f = Read();
  ProcessFacts processes;
  processes.restarts = processes.replaced = 1;
  f.processes = processes;
  EXPECT_EQ(LocalFaultOf(f).code, "restart_loop");
  EXPECT_TRUE(LocalFaultOf(f).restarts);
  EXPECT_NE(LocalFaultOf(f).text.find("1 restart within"), std::string::npos) << LocalFaultOf(f).text;
  processes.processes = 1;
  f.processes = processes;
  EXPECT_EQ(LocalFaultOf(f).code, "") << "one restart is an operator's";
}

TEST(LocalFault, AFrozenServerIsWholeAndOneOfItsProcessesIsNot) {
  LocalFacts f = Read();
  f.cgroup = std::string("/system.slice/janus.service");
  ProcessFacts processes;
  processes.processes = 2;
  processes.stopped = {{7, "helper"}};
  f.processes = processes;
  EXPECT_EQ(LocalFaultOf(f).code, "frozen");
  EXPECT_FALSE(LocalFaultOf(f).whole);
  f.frozen = std::string("/system.slice/janus.service/worker");
  EXPECT_FALSE(LocalFaultOf(f).whole) << "of one below it";
  f.frozen = std::string("/system.slice/janus.service");
  EXPECT_TRUE(LocalFaultOf(f).whole);
  processes.stopped.push_back({8, "janus"});
  f.frozen = std::string();
  f.processes = processes;
  EXPECT_TRUE(LocalFaultOf(f).whole) << "SIGSTOP";
}

}  // namespace
}  // namespace candor
