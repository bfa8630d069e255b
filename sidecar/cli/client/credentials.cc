// SPDX-License-Identifier: Apache-2.0
#include "cli/client/credentials.h"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include "cli/render/text.h"

namespace candor::cli {
namespace {

// The whole file; empty for an empty path.
Answer<std::string> ReadPem(const std::string& path) {
  if (path.empty()) return std::string();
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  // An empty file sets the target's failbit; one that says nothing is as bad as none.
  if (!file || !(text << file.rdbuf())) {
    const std::string why = errno != 0 ? std::generic_category().message(errno) : "nothing is in it";
    return tl::make_unexpected(Failure{kExitArguments, "cannot read " + Printable(path) + ": " + why});
  }
  return text.str();
}

}  // namespace

Answer<std::shared_ptr<grpc::ChannelCredentials>> CredentialsFor(const std::string& address,
                                                                 const TlsFiles& tls) {
  if (!tls.wanted() || address.starts_with("unix:")) return grpc::InsecureChannelCredentials();
  if (tls.certificate.empty() != tls.key.empty()) {
    return tl::make_unexpected(Failure{kExitArguments, "--tls-cert and --tls-key go together"});
  }
  grpc::SslCredentialsOptions options;
  for (const auto& [path, into] :
       {std::pair{&tls.ca, &options.pem_root_certs}, std::pair{&tls.certificate, &options.pem_cert_chain},
        std::pair{&tls.key, &options.pem_private_key}}) {
    auto pem = ReadPem(*path);
    if (!pem) return tl::make_unexpected(pem.error());
    *into = std::move(*pem);
  }
  return grpc::SslCredentials(options);
}

}  // namespace candor::cli
