// SPDX-License-Identifier: Apache-2.0
//
// gRPC server credentials whose certificate may be replaced while the server runs. gRPC asks for the pair at
// each handshake (grpc_ssl_server_certificate_config_callback, grpc/grpc_security.h): it reads no file of its
// own, so that it never gets what was not checked, nor halves of two pairs. Needs no system call but those of
// memory and locks. Thread-safe.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <cstdint>
#include <memory>
#include <mutex>

#include "net/tls_pair.h"

namespace candor {

// The pair that the next handshake takes.
class ActiveTlsPair {
 public:
  struct Versioned {
    std::shared_ptr<const TlsPair> pair;  // null until the first Replace()
    uint64_t number = 0;                  // grows with each pair
  };

  void Replace(TlsPair pair);
  Versioned Now() const;

 private:
  mutable std::mutex mutex_;
  Versioned now_;
};

// `mutual`: clients must show a certificate that pair.client_ca has signed. A server with these credentials
// starts only once there is a pair.
std::shared_ptr<grpc::ServerCredentials> MakeReloadingCredentials(std::shared_ptr<const ActiveTlsPair> active,
                                                                  bool mutual);

}  // namespace candor
