// SPDX-License-Identifier: Apache-2.0
#include "net/tls_credentials.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

#include <list>
#include <string>
#include <utility>

namespace candor {
namespace {

// gRPC keeps a pair for each port, so each port gets each version once.
struct Port {
  std::shared_ptr<const ActiveTlsPair> active;
  uint64_t delivered = 0;
};

// gRPC calls it for one handshake of a port at a time.
grpc_ssl_certificate_config_reload_status Fetch(void* data, grpc_ssl_server_certificate_config** config) {
  auto& port = *static_cast<Port*>(data);
  const auto [pair, version] = port.active->Get();
  if (!pair) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_FAIL;
  if (version == port.delivered) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
  const grpc_ssl_pem_key_cert_pair own{pair->key.c_str(), pair->certificate.c_str()};
  // gRPC requires a CA here even when it requests no client certificate and so never uses the CA.
  const std::string& roots = pair->client_ca.empty() ? pair->certificate : pair->client_ca;
  *config = grpc_ssl_server_certificate_config_create(roots.c_str(), &own, 1);  // a copy; gRPC destroys it
  port.delivered = version;
  return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

// gRPC's C++ interface does not offer the callback, so this adds the port through the C interface. The server
// owns these credentials until it is destroyed, and a handshake needs a server: ports_ outlives every
// Fetch().
class ReloadingCredentials final : public grpc::ServerCredentials {
 public:
  ReloadingCredentials(std::shared_ptr<const ActiveTlsPair> active, bool mutual)
      : active_(std::move(active)), mutual_(mutual) {}

  // Candor has no call credentials.
  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>& /*processor*/) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    ports_.push_back({active_});
    const auto request = mutual_ ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                                 : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
    auto* options =
        grpc_ssl_server_credentials_create_options_using_config_fetcher(request, &Fetch, &ports_.back());
    grpc_server_credentials* credentials = grpc_ssl_server_credentials_create_with_options(options);
    const int port = grpc_server_add_http2_port(server, address.c_str(), credentials);
    grpc_server_credentials_release(credentials);
    return port;
  }

  const std::shared_ptr<const ActiveTlsPair> active_;
  const bool mutual_;
  std::list<Port> ports_;  // gRPC has their addresses
};

}  // namespace

void ActiveTlsPair::Replace(TlsPair pair) {
  auto next = std::make_shared<const TlsPair>(std::move(pair));
  const std::lock_guard lock(mutex_);
  current_ = {std::move(next), current_.version + 1};
}

ActiveTlsPair::Versioned ActiveTlsPair::Get() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

std::shared_ptr<grpc::ServerCredentials> MakeReloadingCredentials(std::shared_ptr<const ActiveTlsPair> active,
                                                                  bool mutual) {
  return std::make_shared<ReloadingCredentials>(std::move(active), mutual);
}

}  // namespace candor
