// SPDX-License-Identifier: Apache-2.0
#include "steer/tls_client.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace candor::steer {

std::string TlsErrorText() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "TLS failed" : reason;
}

Result<TlsContext> MakeTlsContext(const RedisOptions& o) {
  TlsContext context(SSL_CTX_new(TLS_client_method()));
  if (!context) return Fail("cannot use TLS: " + TlsErrorText());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  const auto failed = [](const std::string& file) {
    return Fail("cannot use " + file + ": " + TlsErrorText());
  };
  if (o.tls_ca.empty()) {
    SSL_CTX_set_default_verify_paths(context.get());
  } else if (SSL_CTX_load_verify_locations(context.get(), o.tls_ca.c_str(), nullptr) != 1) {
    return failed(o.tls_ca);
  }
  if (o.tls_certificate.empty()) return context;
  if (SSL_CTX_use_certificate_chain_file(context.get(), o.tls_certificate.c_str()) != 1)
    return failed(o.tls_certificate);
  if (SSL_CTX_use_PrivateKey_file(context.get(), o.tls_key.c_str(), SSL_FILETYPE_PEM) != 1)
    return failed(o.tls_key);
  return context;
}

Result<TlsSession> MakeTlsSession(SSL_CTX* context, int fd, const std::string& name) {
  TlsSession session(SSL_new(context));
  if (!session || SSL_set_fd(session.get(), fd) != 1) return Fail("cannot use TLS: " + TlsErrorText());
  X509_VERIFY_PARAM* rules = SSL_get0_param(session.get());
  if (X509_VERIFY_PARAM_set1_ip_asc(rules, name.c_str()) == 1) return session;
  ERR_clear_error();
  if (SSL_set1_host(session.get(), name.c_str()) != 1) return Fail("cannot use TLS: " + TlsErrorText());
  // As the macro SSL_set_tlsext_host_name() does, without its cast.
  std::string sent = name;
  SSL_ctrl(session.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, sent.data());
  return session;
}

}  // namespace candor::steer
