// SPDX-License-Identifier: Apache-2.0
//
// TLS credentials that follow their files. A new pair is checked first. One that is wrong, or that has
// expired while the active one has not, is refused, and the active one stays. Thread-safe.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/worker.h"
#include "net/tls_credentials.h"
#include "net/tls_pair.h"

namespace candor {

class TlsReloader {
 public:
  // An empty error: a new pair is active until `expires`. Else the files are refused, once for each new
  // error. On the reloader's thread, or on that of Open() or Reload().
  using OnReload = std::function<void(const std::string& error, WallTime expires)>;

  // Fails when the files are wrong. An expired certificate is accepted: the machine's clock may not be set
  // yet, and clients check it themselves. `wall` is the current time.
  static Result<std::unique_ptr<TlsReloader>> Open(const TlsOptions& options, std::function<WallTime()> wall,
                                                   OnReload on_reload);

  // A new pair is used from the next handshake on; open connections keep theirs.
  std::shared_ptr<grpc::ServerCredentials> Credentials() const;
  // Reads the files now instead of within 2 s. An error: they are wrong, the active pair stays.
  Result<void> Reload();

 private:
  TlsReloader(TlsOptions options, std::function<WallTime()> wall, OnReload on_reload)
      : options_(std::move(options)), wall_(std::move(wall)), on_reload_(std::move(on_reload)) {}
  Result<TlsPair> ReadReplacement() const;
  void Activate(TlsPair pair);
  void Poll();

  const TlsOptions options_;
  const std::function<WallTime()> wall_;
  const OnReload on_reload_;
  const std::shared_ptr<ActiveTlsPair> active_ = std::make_shared<ActiveTlsPair>();
  std::mutex mutex_;        // Reload() and last_error_
  std::string last_error_;  // empty: the files are those of the active pair
  // Of the worker only.
  std::string stamps_;    // inode, size and time of change of the files
  bool changed_ = false;  // since they were last read
  Worker worker_;         // last: it uses all of the above
};

}  // namespace candor
