// SPDX-License-Identifier: Apache-2.0
//
// Clients of grpc.health.v1 on 127.0.0.1 for the benchmark, each with a thread of its own at most.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "tests/bench/serve/h2_connection.h"

namespace candor::bench {

using Clock = std::chrono::steady_clock;

inline double Millis(Clock::duration d) { return std::chrono::duration<double, std::milli>(d).count(); }

// Answers to Check in `time`, with `in_flight` calls always open on each of some connections, per second.
double ChecksPerSecond(int port, std::chrono::milliseconds time, int in_flight);

// Many open Watch streams, and the number of their answers.
class Watchers {
 public:
  // `count` streams, `per_connection` on each connection; returns after the first answer of all or a
  // minute has passed.
  Watchers(int port, int count, int per_connection);
  ~Watchers();

  size_t answers() const { return answers_; }
  // Whether `wanted` answers had come within a minute, and when the last of them did.
  bool Await(size_t wanted, Clock::time_point* when) const;

 private:
  void Run();

  std::vector<std::unique_ptr<H2Connection>> connections_;
  UniqueFd epoll_;
  std::atomic<size_t> answers_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

// Calls Check repeatedly, one at a time, as a load balancer does.
class SlowestCheck {
 public:
  explicit SlowestCheck(int port);
  double Stop();  // the slowest in ms

 private:
  std::atomic<bool> stop_{false};
  double slowest_ms_ = 0;
  std::thread thread_;
};

}  // namespace candor::bench
