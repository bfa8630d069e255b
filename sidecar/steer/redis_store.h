// SPDX-License-Identifier: Apache-2.0
//
// NodeStore in Redis. Connects when it is needed, and anew after an error. A call takes at most kCallLimit,
// and kDialLimit more when it has to connect (beside the time in which the resolver finds the host). Not
// thread-safe.
#pragma once

#include <memory>

#include "steer/node_store.h"
#include "steer/redis_dialer.h"

namespace candor::steer {

class RedisStore : public NodeStore {
 public:
  static constexpr std::chrono::seconds kCallLimit{1};
  static constexpr std::chrono::milliseconds kDialLimit{1500};

  explicit RedisStore(RedisDialer& dialer) : dialer_(dialer) {}

  Result<std::vector<HashField>> ReadNodes() override;
  Result<std::optional<std::string>> ReadNode(const std::string& id) override;
  Result<ClaimAnswer> Ask(const Claim& claim) override;
  Result<bool> Replace(const std::string& id, const std::string& seen, const std::string& wanted,
                       bool claimed) override;
  Result<void> Release(const std::string& id) override;

  // Connects anew at the next call.
  void Drop() { connection_.reset(); }

 private:
  Result<Reply> Call(const std::vector<std::string>& words);

  RedisDialer& dialer_;
  std::unique_ptr<RedisConnection> connection_;
};

}  // namespace candor::steer
