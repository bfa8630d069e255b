// SPDX-License-Identifier: Apache-2.0
//
// TLS credentials that follow their files. A new pair is checked first; one that is wrong is refused and the
// old one kept. Thread-safe.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/unique_fd.h"
#include "serve/tls_pair.h"

namespace candor {

class TlsKeeper {
 public:
  // Told on the keeper's thread, or on that of Reload(): empty error: a new pair is in force until `expires`.
  using Told = std::function<void(const std::string& error, WallTime expires)>;

  // Fails when the files are wrong at the start.
  static Result<std::unique_ptr<TlsKeeper>> Open(const TlsOptions& options, Told told);
  ~TlsKeeper();
  TlsKeeper(const TlsKeeper&) = delete;
  TlsKeeper& operator=(const TlsKeeper&) = delete;

  // A pair is in force within about 1 s after it was taken up.
  std::shared_ptr<grpc::ServerCredentials> Credentials() const;
  // Reads the files now instead of within 2 s. An error: they are wrong, the old ones stay.
  Result<void> Reload();

 private:
  TlsKeeper(TlsOptions options, Told told) : options_(std::move(options)), told_(std::move(told)) {}
  Result<void> TakeUp(const TlsPair& pair);
  void Run();
  void Look();

  const TlsOptions options_;
  const Told told_;
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stop_ = false;
  int generation_ = 0;
  // gRPC reads files again and again. Ours are in memory, so that what it reads was checked.
  UniqueFd identity_;  // key and certificate in one, so that it never gets halves of two pairs
  UniqueFd client_ca_;
  std::string in_force_;  // contents of the files
  std::string refused_;   // the last fault told
  // Of the keeper's thread only.
  std::string seen_;    // what the files looked like
  bool moved_ = false;  // and whether they still have to be read
  std::thread thread_;
};

}  // namespace candor
