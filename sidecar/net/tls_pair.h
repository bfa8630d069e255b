// SPDX-License-Identifier: Apache-2.0
//
// Certificate, key and client CA as read from their files and checked by the library that makes the
// handshakes: gRPC does not report that it cannot use a pair, and keeps the old one.
#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"

namespace candor {

// Paths of PEM files. All empty: plaintext. With a client CA, clients must present a certificate of it.
struct TlsOptions {
  std::string certificate = {};  // the server's own first, then its chain
  std::string key = {};
  std::string client_ca = {};
  bool enabled() const { return !certificate.empty(); }
  bool operator==(const TlsOptions&) const = default;
};

struct TlsPair {
  std::string certificate, key, client_ca;  // PEM
  WallTime expires{};                       // of the server's own certificate

  bool SameAs(const TlsPair& other) const {
    return certificate == other.certificate && key == other.key && client_ca == other.client_ca;
  }
};

// Reads at most 1 MiB of each file. An error names the file and what is wrong with it. Thread-safe.
Result<TlsPair> ReadTlsPair(const TlsOptions& options);

}  // namespace candor
