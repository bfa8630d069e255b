// SPDX-License-Identifier: Apache-2.0
//
// Opens connections to the Redis that holds LiveKit's nodes: directly, or where Sentinel says that the master
// is. Not thread-safe. Tested in tests/steer/redis_store_test.cc and tests/steer/sentinel_test.py.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "steer/redis_connection.h"
#include "steer/steer_options.h"

namespace candor::steer {

class RedisDialer {
 public:
  // Reads the files of passwords and certificates, no network.
  static Result<std::unique_ptr<RedisDialer>> Make(const RedisOptions& options);

  // Connected, authenticated and in the right database; with Sentinel a master.
  Result<std::unique_ptr<RedisConnection>> Dial(Time deadline);

 private:
  struct Login {
    std::string username, password;
  };
  RedisDialer(const RedisOptions& options, TlsContext tls, Login redis, Login sentinel);
  Result<std::unique_ptr<RedisConnection>> Open(const std::string& address, const Login& login,
                                                Time deadline);
  Result<std::string> AskSentinels(Time deadline);
  Result<std::string> AskSentinel(const std::string& address, Time deadline);

  const RedisOptions options_;
  const TlsContext tls_;
  const Login redis_, sentinel_;
};

}  // namespace candor::steer
