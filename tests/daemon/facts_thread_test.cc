// SPDX-License-Identifier: Apache-2.0
#include "daemon/facts_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
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

// A reading that waits until it may go on; shared, for it may outlive the thread's owner.
struct Gate {
  std::promise<void> go;
  std::shared_future<void> wait = go.get_future().share();
  std::atomic<int> read = 0;
};

FactsThread::Read FirstWaits(const std::shared_ptr<Gate>& gate) {
  return [gate](uint32_t, const FactsRequest& r) {
    if (gate->read++ == 0) gate->wait.wait();
    LocalFacts f;
    f.cgroup = std::to_string(r.ports.size());
    return f;
  };
}

TEST(FactsThread, OfEachServerTheNewestRequestWaitsForAReadingThatHangs) {
  const auto gate = std::make_shared<Gate>();
  FactsThread facts(FirstWaits(gate));
  facts.Ask({{1, {}}});
  while (gate->read == 0) std::this_thread::sleep_for(milliseconds(1));
  FactsRequest newest;
  newest.ports = {1, 2};
  facts.Ask({{2, {}}});
  facts.Ask({{3, {}}});
  facts.Ask({{2, newest}});
  EXPECT_TRUE(facts.Take().empty());
  gate->go.set_value();
  const auto all = Await(facts, 3);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[1].server, 2u);
  EXPECT_EQ(*all[1].facts.cgroup, "2");
  EXPECT_EQ(all[2].server, 3u) << "another server's request takes its place no more";
}

TEST(FactsThread, AReadingThatNeverEndsDoesNotDelayItsOwnersEnd) {
  const auto gate = std::make_shared<Gate>();
  const auto began = std::chrono::steady_clock::now();
  {
    FactsThread facts(FirstWaits(gate));
    facts.Ask({{1, {}}});
    while (gate->read == 0) std::this_thread::sleep_for(milliseconds(1));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(2));
  gate->go.set_value();
  for (int i = 0; i < 1000 && gate.use_count() > 1; ++i) std::this_thread::sleep_for(milliseconds(5));
  EXPECT_EQ(gate.use_count(), 1) << "it ends by itself then";
}

TEST(FactsThread, ReadsThisMachinesFilesWithoutRights) {
  FactsThread facts(ReadLocalFacts(&MonotonicNow, &SinceBoot));
  facts.Ask({{1, {}}});
  const auto all = Await(facts, 1);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_TRUE(all[0].facts.read());
  EXPECT_FALSE(all[0].facts.processes.known()) << "no socket of a media server was seen";
  EXPECT_FALSE(all[0].facts.sockets.known()) << "nor a process whose network namespace it is";
}

}  // namespace
}  // namespace candor::daemon
