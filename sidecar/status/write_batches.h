// SPDX-License-Identifier: Apache-2.0
//
// Batches the writes of thousands of streams. gRPC runs the completion of each write on its few polling
// threads. Without batches each completion wakes one of them while the notifying thread still starts writes,
// and all contend for the processors. Here completions wait for the end of the open batch, and the next batch
// waits for the completions of the last; a Check waits for one batch at most. tests/bench/serve measures it.
// Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace candor {

class WriteBatches {
 public:
  static constexpr size_t kMaxWrites = 256;  // writes per batch, about 8 ms

  // By the streams: before a write, and at its completion. The latter waits while a batch is open.
  void OnWriteStarted() { ++in_flight_; }
  void OnWriteEnded();

  // By one thread: Begin(), at most kMaxWrites writes, End(). End() waits up to 5 ms for their completion; a
  // client that does not read delays one batch only.
  void Begin();
  void End();

 private:
  std::atomic<uint32_t> batch_{0};  // odd while one is open
  std::atomic<int64_t> in_flight_{0};
  std::atomic<int64_t> before_{kNoWaiter};  // End() waits until no more are in flight
  std::mutex mutex_;
  std::condition_variable drained_;
  int64_t at_begin_ = 0;

  static constexpr int64_t kNoWaiter = -1;
};

}  // namespace candor
