// SPDX-License-Identifier: Apache-2.0
//
// Keyspace notifications of the hash of nodes, on a connection of its own. Redis sends them only where its
// setting notify-keyspace-events asks for them (K and h), which is seen by the first one that comes. Without
// them nothing is lost but time. Not thread-safe. Tested in tests/steer/redis_store_test.cc.
#pragma once

#include <memory>

#include "steer/redis_dialer.h"

namespace candor::steer {

class RowWatch {
 public:
  RowWatch(RedisDialer& dialer, uint32_t database) : dialer_(dialer), database_(database) {}

  // Connects where it is not, at most once in kTryEvery.
  void Open(Time now);
  void Close();
  // To wait for; -1: there is none.
  int fd() const { return connection_ ? connection_->fd() : -1; }
  // Reads what has come; true: notifications are among it.
  bool Take(Time now);
  // One came in the last kRecent.
  bool works(Time now) const { return last_ != Time{} && now - last_ < kRecent; }

 private:
  static constexpr std::chrono::seconds kTryEvery{5};
  static constexpr std::chrono::seconds kRecent{6};  // three heartbeats

  RedisDialer& dialer_;
  const uint32_t database_;
  std::unique_ptr<RedisConnection> connection_;
  Time tried_{};
  Time last_{};
};

}  // namespace candor::steer
