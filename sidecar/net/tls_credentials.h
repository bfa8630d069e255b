// SPDX-License-Identifier: Apache-2.0
//
// gRPC server credentials whose certificate may be replaced while the server runs. gRPC asks for the pair at
// each handshake (grpc_ssl_server_certificate_config_callback, grpc/grpc_security.h), so it gets only checked
// pairs. (FileWatcherCertificateProvider of gRPC is experimental and reads the files itself: a refused change
// could not be reported.) Thread-safe.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <cstdint>
#include <memory>
#include <mutex>

#include "net/tls_pair.h"

namespace candor {

// The pair that the next handshake uses.
class ActiveTlsPair {
 public:
  struct Versioned {
    std::shared_ptr<const TlsPair> pair;  // null until the first Replace()
    uint64_t version = 0;                 // +1 with each pair
  };

  void Replace(TlsPair pair);
  Versioned Get() const;

 private:
  mutable std::mutex mutex_;
  Versioned current_;
};

// `mutual`: clients must present a certificate that pair.client_ca has signed. A server with these
// credentials starts only once there is a pair.
std::shared_ptr<grpc::ServerCredentials> MakeReloadingCredentials(std::shared_ptr<const ActiveTlsPair> active,
                                                                  bool mutual);

}  // namespace candor
