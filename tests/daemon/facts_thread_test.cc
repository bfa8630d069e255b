// SPDX-License-Identifier: Apache-2.0
#include "daemon/facts_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

namespace candor::daemon {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<ServerFacts> Await(FactsThread& facts, size_t n) {
  std::vector<ServerFacts> all;
  for (int i = 0; i < 2000 && all.size() < n; ++i) {
    for (ServerFacts& f : facts.Take()) all.push_back(std::move(f));
    if (all.size() < n) std::this_thread::sleep_for(milliseconds(5));
  }
  return all;
}

TEST(FactsThread, ReadsWhatIsAskedForAndSaysOfWhichServer) {
  FactsThread facts([](uint32_t server, const FactsRequest& r) {
    LocalFacts f;
    f.at = Time(seconds(server));
    f.cgroup = std::to_string(r.ports.size());
    return f;
  });
  EXPECT_TRUE(facts.Take().empty());
  FactsRequest two_ports;
  two_ports.ports = {1, 2};
  facts.Ask({{3, two_ports}, {5, {}}});
  const auto all = Await(facts, 2);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].server, 3u);
  EXPECT_EQ(*all[0].facts.cgroup, "2");
  EXPECT_EQ(all[1].facts.at, Time(seconds(5)));
}

TEST(FactsThread, AReaderThatHangsStopsNeitherTheCallerNorKeepsOldRequests) {
  std::promise<void> go;
  std::atomic<int> read = 0;
  FactsThread facts([&, wait = go.get_future().share()](uint32_t, const FactsRequest&) {
    if (read++ == 0) wait.wait();
    return LocalFacts{};
  });
  facts.Ask({{1, {}}});
  while (read == 0) std::this_thread::sleep_for(milliseconds(1));
  for (uint32_t i = 2; i < 10; ++i) facts.Ask({{i, {}}});
  EXPECT_TRUE(facts.Take().empty());
  go.set_value();
  const auto all = Await(facts, 2);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1].server, 9u) << "the newest request";
}

TEST(FactsThread, ReadsThisMachinesFilesWithoutRights) {
  FactsThread facts(ReadLocalFacts(&MonotonicNow, &SinceBoot));
  facts.Ask({{1, {}}});
  const auto all = Await(facts, 1);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_TRUE(all[0].facts.read());
  EXPECT_TRUE(all[0].facts.sockets.known()) << all[0].facts.sockets.unknown();
  EXPECT_FALSE(all[0].facts.processes.known()) << "no socket of a media server was seen";
}

}  // namespace
}  // namespace candor::daemon
