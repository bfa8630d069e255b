// SPDX-License-Identifier: Apache-2.0
//
// Certificate, key and client CA as read from their files, checked before anybody uses them, by the library
// that makes the handshakes: gRPC does not tell when it cannot use a pair, and keeps the old one.
#pragma once

#include <string>

#include "base/result.h"
#include "serve/serve_options.h"

namespace candor {

struct TlsPair {
  std::string certificate, key, client_ca;  // PEM
  WallTime expires{};                       // of the server's own certificate

  bool SameAs(const TlsPair& other) const {
    return certificate == other.certificate && key == other.key && client_ca == other.client_ca;
  }
};

// An error names the file and what is wrong with it.
Result<TlsPair> ReadTlsPair(const TlsOptions& options);

}  // namespace candor
