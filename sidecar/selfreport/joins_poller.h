// SPDX-License-Identifier: Apache-2.0
//
// Reads LiveKit's counters of joins at an interval, on a thread of its own: a page that does not answer must
// not delay the self-report. Thread-safe. Tested in tests/selfreport/joins_poller_test.cc.
#pragma once

#include <functional>
#include <memory>

#include "base/worker.h"
#include "flow/reported_joins.h"
#include "selfreport/http_get.h"

namespace candor {

struct JoinsPollerOptions {
  Duration interval = std::chrono::seconds(1);  // from start to start of a reading
  Duration timeout = std::chrono::seconds(1);   // of a whole reading
};

class JoinsPoller {
 public:
  // Receives every reading, in order, on the poller's thread; of one that failed `unavailable` and `at`.
  using Sink = std::function<void(ReportedJoins)>;
  using Clock = std::function<Time()>;

  // Starts at once. Without `page` there is no thread. `now`: the clock of the source.
  JoinsPoller(const JoinsPollerOptions& options, std::unique_ptr<HttpGet> page, Clock now, Sink sink);
  ~JoinsPoller();
  JoinsPoller(const JoinsPoller&) = delete;
  JoinsPoller& operator=(const JoinsPoller&) = delete;

  // Cancels a reading in progress; afterwards `sink` is not called. Idempotent. Must not be called by `sink`.
  void Stop();

  static constexpr size_t kLargestPage = 4 * 1024 * 1024;  // bytes

 private:
  void Run(const std::stop_token& stop);
  ReportedJoins Read();

  const JoinsPollerOptions options_;
  const std::unique_ptr<HttpGet> page_;
  const Clock now_;
  const Sink sink_;
  Worker worker_;  // last: it uses all of the above
};

// Null where `url` is empty.
Result<std::unique_ptr<HttpGet>> MakeJoinsPage(const std::string& url);

}  // namespace candor
