// SPDX-License-Identifier: Apache-2.0
//
// How candorctl shows who it is and whom it believes. Pure but for reading the files.
#pragma once

#include <grpcpp/security/credentials.h>

#include <memory>
#include <string>

#include "cli/client/client.h"

namespace candor::cli {

// Plaintext without any of `tls`, and on unix sockets, where the file's mode is the lock. Fails with
// kExitArguments: a file that cannot be read, a certificate without its key or the other way round.
Answer<std::shared_ptr<grpc::ChannelCredentials>> CredentialsFor(const std::string& address,
                                                                 const TlsFiles& tls);

}  // namespace candor::cli
