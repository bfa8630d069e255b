// SPDX-License-Identifier: Apache-2.0
//
// TLS 1.2 and later towards Redis, with verification of the server's certificate. Thread-safe once made.
// Tested in tests/steer/redis_store_test.cc.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "base/result.h"
#include "steer/steer_options.h"

namespace candor::steer {

struct FreeTls {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeTls>;
using TlsSession = std::unique_ptr<SSL, FreeTls>;

// Reads the certificates that the options name. Errors name the file.
Result<TlsContext> MakeTlsContext(const RedisOptions& options);

// Over the connected socket `fd`, which outlives it; the certificate must be of `name`, a host or an address.
// The handshake is still to be made.
Result<TlsSession> MakeTlsSession(SSL_CTX* context, int fd, const std::string& name);

// The newest error of OpenSSL on this thread, as text; clears all.
std::string TlsErrorText();

}  // namespace candor::steer
