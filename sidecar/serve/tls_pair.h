// SPDX-License-Identifier: Apache-2.0
//
// Certificate, key and client CA as read from their files, checked before anybody uses them: gRPC takes a
// certificate that does not match its key without a word, and every handshake fails from then on.
#pragma once

#include <string>

#include "base/result.h"
#include "serve/intervention.h"
#include "serve/serve_options.h"

namespace candor {

struct TlsPair {
  std::string certificate, key, client_ca;  // PEM
  WallTime expires{};                       // of the server's own certificate
};

// An error names the file and what is wrong with it.
Result<TlsPair> ReadTlsPair(const TlsOptions& options);

}  // namespace candor
