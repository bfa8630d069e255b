// SPDX-License-Identifier: Apache-2.0
//
// Many streams at once; one stream is tested in tests/serve/node_health_service_test.cc.
#include "serve/stream_watcher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/serve/harness.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using Clock = Watcher::Clock;

class StreamWatcherTest : public Served {};

TEST_F(StreamWatcherTest, AThousandStreamsGetAChangeAndCheckDoesNotWait) {
  constexpr int kWatchers = 1000;
  snapshots_.Publish(SnapshotOf(State::kHealthy));

  // A client that counts the answers of its streams; one thread of the library serves them all.
  struct Reader final : grpc::ClientReadReactor<HealthResponse> {
    void Open(HealthStub* stub, std::atomic<int>* yes, std::atomic<int>* no, std::atomic<int>* done) {
      serving = yes, not_serving = no, ended = done;
      stub->async()->Watch(&context, &request, this);
      StartRead(&response);
      StartCall();
    }
    void OnReadDone(bool ok) override {
      if (!ok) return;
      ++*(response.status() == HealthResponse::SERVING ? serving : not_serving);
      StartRead(&response);
    }
    void OnDone(const grpc::Status&) override { ++*ended; }
    grpc::ClientContext context;
    HealthRequest request;
    HealthResponse response;
    std::atomic<int>*serving = nullptr, *not_serving = nullptr, *ended = nullptr;
  };
  std::atomic<int> yes{0}, no{0}, ended{0};
  std::vector<Reader> readers(kWatchers);
  for (Reader& r : readers) r.Open(health_.get(), &yes, &no, &ended);
  ASSERT_TRUE(Eventually([&] { return yes == kWatchers; }));

  snapshots_.Publish(SnapshotOf(State::kFailing));
  const auto before = Clock::now();
  EXPECT_EQ(StatusOf(""), HealthResponse::NOT_SERVING);
  RecordProperty("check_us", static_cast<int>((Clock::now() - before) / 1us));
  ASSERT_TRUE(Eventually([&] { return no == kWatchers; }));
  RecordProperty("notified_us", static_cast<int>((Clock::now() - before) / 1us));

  server_->Stop();
  EXPECT_TRUE(Eventually([&] { return ended == kWatchers; }));
  EXPECT_EQ(yes, kWatchers);
  EXPECT_EQ(no, kWatchers);
}

}  // namespace
}  // namespace candor
