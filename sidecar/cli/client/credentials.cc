// SPDX-License-Identifier: Apache-2.0
#include "cli/client/credentials.h"

#include "base/read_file.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

// The whole file; empty for an empty path.
Answer<std::string> ReadPem(const std::string& path) {
  if (path.empty()) return std::string();
  auto text = ReadFile(path);
  if (text && !text->empty()) return std::move(*text);
  return tl::make_unexpected(Failure{
      kExitArguments, Printable(text ? "cannot read " + path + ": nothing is in it" : text.error().message)});
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
