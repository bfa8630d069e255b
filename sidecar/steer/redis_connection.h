// SPDX-License-Identifier: Apache-2.0
//
// One connection to a Redis server, over TCP, TLS or a unix socket. Every call has a deadline by
// MonotonicNow(). After an error it is to be dropped. Not thread-safe.
#pragma once

#include <hiredis/read.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/unique_fd.h"
#include "steer/redis_reply.h"
#include "steer/tls_client.h"

namespace candor::steer {

class RedisConnection {
 public:
  // `address`: HOST:PORT or unix:/path. `tls`: null for none; else the server's certificate must be of
  // `tls_name`. Looking up a name has the resolver's own time limit.
  static Result<std::unique_ptr<RedisConnection>> Open(const std::string& address, SSL_CTX* tls,
                                                       const std::string& tls_name, Time deadline);

  // Errors of the connection, and answers that are an error ("NOPERM ...").
  Result<Reply> Call(const std::vector<std::string>& words, Time deadline);

  // A reply that has come without a call; nullopt: there is none yet.
  Result<std::optional<Reply>> TakePushed();
  int fd() const { return fd_.get(); }

 private:
  RedisConnection(std::string address, UniqueFd fd);
  Result<void> StartTls(SSL_CTX* tls, const std::string& name, Time deadline);
  Result<void> Send(std::string_view bytes, Time deadline);
  // Reads once; false: nothing has come by the deadline.
  Result<bool> Receive(Time deadline);
  Result<std::optional<Reply>> Parsed();
  Result<void> AwaitTls(int result, const char* doing, Time deadline);
  tl::unexpected<Error> Late() const;
  std::string about(const std::string& what) const { return "Redis at " + address_ + " " + what; }

  struct FreeReader {
    void operator()(redisReader* reader) const { redisReaderFree(reader); }
  };

  const std::string address_;
  UniqueFd fd_;  // non-blocking
  TlsSession tls_;
  std::unique_ptr<redisReader, FreeReader> reader_;
};

}  // namespace candor::steer
