// SPDX-License-Identifier: Apache-2.0
//
// Makes telling thousands of streams cheap. gRPC runs the end of every write on the few threads that also
// poll; while one thread starts writes, each end wakes one of them, and teller, ends and readers fight over
// the processors. So writes start in batches: ends wait for the batch in which they come to be over (then
// nobody needs to be woken for the next), and the next batch for the ends of the last. serve_bench measures
// it; a Check waits for one batch at most. Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace candor {

class WriteBatches {
 public:
  static constexpr size_t kMaxWrites = 256;  // writes in a batch: 8 ms or so

  // By streams: a write is about to start, and has ended. The latter waits while a batch is open.
  void OnWriteStarted() { ++in_flight_; }
  void OnWriteEnded();

  // By one thread: Begin(), at most kMaxWrites writes, End(), which waits for their ends, but not for long:
  // readers that take nothing may hold theirs for ever, and later batches do not wait for those again.
  void Begin();
  void End();

 private:
  std::atomic<uint32_t> batch_{0};  // odd while one is open
  std::atomic<int64_t> in_flight_{0};
  std::atomic<int64_t> before_{kNoWaiter};  // in flight when the batch began that End() waits for
  std::mutex mutex_;
  std::condition_variable drained_;
  int64_t at_begin_ = 0;

  static constexpr int64_t kNoWaiter = -1;
};

}  // namespace candor
