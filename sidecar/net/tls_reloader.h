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

#include "net/tls_credentials.h"
#include "net/tls_pair.h"

namespace candor {

class TlsReloader {
 public:
  // OnReload on the reloader's thread, or on that of Reload(): empty error: a new pair is in force until
  // `expires`.
  using OnReload = std::function<void(const std::string& error, WallTime expires)>;

  // Fails when the files are wrong at the start. A certificate that has ended is none of that: the wall clock
  // may be wrong until it is set, and clients say so by themselves.
  static Result<std::unique_ptr<TlsReloader>> Open(const TlsOptions& options, std::function<WallTime()> wall,
                                                   OnReload told);
  ~TlsReloader();
  TlsReloader(const TlsReloader&) = delete;
  TlsReloader& operator=(const TlsReloader&) = delete;

  // A pair is in force from the next handshake on; connections that are open keep theirs.
  std::shared_ptr<grpc::ServerCredentials> Credentials() const;
  // Reads the files now instead of within 2 s. An error: they are wrong, the old ones stay.
  Result<void> Reload();

 private:
  TlsReloader(TlsOptions options, std::function<WallTime()> wall, OnReload told)
      : options_(std::move(options)), wall_(std::move(wall)), on_reload_(std::move(told)) {}
  Result<TlsPair> ReadReplacement() const;
  void Activate(TlsPair pair);
  void Run();
  void Poll();

  const TlsOptions options_;
  const std::function<WallTime()> wall_;
  const OnReload on_reload_;
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stop_ = false;
  const std::shared_ptr<ActiveTlsPair> active_ = std::make_shared<ActiveTlsPair>();
  std::string last_error_;  // the last fault told
  // Of the reloader's thread only.
  std::string stamps_;    // what the files looked like
  bool changed_ = false;  // and whether they still have to be read
  std::thread thread_;
};

}  // namespace candor
