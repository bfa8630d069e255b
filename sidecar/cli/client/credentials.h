// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/security/credentials.h>

#include <memory>
#include <string>

#include "cli/client/answer.h"

namespace candor::cli {

// The gRPC credentials for `address`; reads the files of `tls`. Plaintext when `tls` is empty, and on unix
// sockets, where the file's mode controls access. Fails with kExitArguments: a file that cannot be read or is
// empty, a certificate without its key or the other way round.
Answer<std::shared_ptr<grpc::ChannelCredentials>> CredentialsFor(const std::string& address,
                                                                 const TlsFiles& tls);

}  // namespace candor::cli
