// SPDX-License-Identifier: Apache-2.0
//
// TLS credentials that follow their files. A new pair is checked first; one that is wrong, or that has ended
// while the old one has not, is refused and the old one kept. Thread-safe.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "serve/tls_credentials.h"
#include "serve/tls_pair.h"

namespace candor {

class TlsKeeper {
 public:
  // Told on the keeper's thread, or on that of Reload(): empty error: a new pair is in force until `expires`.
  using Told = std::function<void(const std::string& error, WallTime expires)>;

  // Fails when the files are wrong at the start. A certificate that has ended is none of that: the wall clock
  // may be wrong until it is set, and clients say so by themselves.
  static Result<std::unique_ptr<TlsKeeper>> Open(const TlsOptions& options, std::function<WallTime()> wall,
                                                 Told told);
  ~TlsKeeper();
  TlsKeeper(const TlsKeeper&) = delete;
  TlsKeeper& operator=(const TlsKeeper&) = delete;

  // A pair is in force from the next handshake on; connections that are open keep theirs.
  std::shared_ptr<grpc::ServerCredentials> Credentials() const;
  // Reads the files now instead of within 2 s. An error: they are wrong, the old ones stay.
  Result<void> Reload();

 private:
  TlsKeeper(TlsOptions options, std::function<WallTime()> wall, Told told)
      : options_(std::move(options)), wall_(std::move(wall)), told_(std::move(told)) {}
  Result<TlsPair> ReadBetter() const;
  void TakeUp(TlsPair pair);
  void Run();
  void Look();

  const TlsOptions options_;
  const std::function<WallTime()> wall_;
  const Told told_;
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stop_ = false;
  const std::shared_ptr<TlsInForce> in_force_ = std::make_shared<TlsInForce>();
  std::string refused_;  // the last fault told
  // Of the keeper's thread only.
  std::string seen_;    // what the files looked like
  bool moved_ = false;  // and whether they still have to be read
  std::thread thread_;
};

}  // namespace candor
