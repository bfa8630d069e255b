// SPDX-License-Identifier: Apache-2.0
#include "net/tls_pair.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>
#include <vector>

#include "base/read_file.h"

namespace candor {
namespace {

constexpr size_t kMaxBytes = 1 << 20;

template <auto Free>
struct Freeing {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using Bio = std::unique_ptr<BIO, Freeing<&BIO_free>>;
using Certificate = std::unique_ptr<X509, Freeing<&X509_free>>;
using Context = std::unique_ptr<SSL_CTX, Freeing<&SSL_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freeing<&EVP_PKEY_free>>;

Result<std::string> ReadPem(const std::string& path) {
  auto text = ReadFile(path, kMaxBytes);
  if (text) return text;
  if (text.error().code == EFBIG) return Fail(text.error().message + ": that is no PEM file");
  if (text.error().code != EACCES) return text;
  return tl::make_unexpected(
      Error{fmt::format("cannot read {}: the user that candord runs as (uid {}) may not, and it has no "
                        "capability, root's neither; give the file to that user or to one of its groups",
                        path, ::geteuid()),
            EACCES});
}

Bio ReadFrom(const std::string& pem) {
  return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// OpenSSL would ask for a passphrase at the terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

// At least one. A file that is cut off within a certificate is refused: it may be half written.
Result<std::vector<Certificate>> Certificates(const std::string& path, const std::string& pem) {
  std::vector<Certificate> all;
  const Bio from = ReadFrom(pem);
  for (;;) {
    Certificate c(PEM_read_bio_X509(from.get(), nullptr, &NoPassphrase, nullptr));
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (c) {
      all.push_back(std::move(c));
    } else if (all.empty()) {
      return Fail(path + " holds no certificate in PEM form");
    } else if (!at_end) {
      return Fail(fmt::format("{}: what follows its certificate number {} is none", path, all.size()));
    } else {
      return all;
    }
  }
}

Result<WallTime> ExpiryOf(const std::string& path, const X509& certificate) {
  tm at{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &at) != 1) return Fail(path + ": its end is no time");
  return WallTime(std::chrono::seconds(timegm(&at)));
}

// Loads them as a handshake does: OpenSSL's security level may refuse a well-formed key (too short).
Result<void> CheckMatch(const TlsOptions& options, const TlsPair& pair, const std::vector<Certificate>& own) {
  const Key key(PEM_read_bio_PrivateKey(ReadFrom(pair.key).get(), nullptr, &NoPassphrase, nullptr));
  ERR_clear_error();
  if (!key) return Fail(options.key + " holds no private key in PEM form (one without a passphrase)");
  const bool match = X509_check_private_key(own.front().get(), key.get()) == 1;
  ERR_clear_error();
  if (!match)
    return Fail("the certificate in " + options.certificate + " does not match the key in " + options.key);
  const Context context(SSL_CTX_new(TLS_method()));
  bool usable = context && SSL_CTX_use_certificate(context.get(), own.front().get()) == 1 &&
                SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1;
  for (size_t i = 1; usable && i < own.size(); ++i) {
    usable = SSL_CTX_add1_chain_cert(context.get(), own[i].get()) == 1;
  }
  const char* reason = usable ? nullptr : ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  if (!usable) {
    return Fail(fmt::format("the certificate in {} cannot be used: {}", options.certificate,
                            reason != nullptr ? reason : "OpenSSL gives no reason"));
  }
  return {};
}

}  // namespace

Result<TlsPair> ReadTlsPair(const TlsOptions& options) {
  TlsPair pair;
  auto certificate = ReadPem(options.certificate);
  if (!certificate) return tl::make_unexpected(certificate.error());
  auto key = ReadPem(options.key);
  if (!key) return tl::make_unexpected(key.error());
  pair.certificate = std::move(*certificate);
  pair.key = std::move(*key);
  const auto own = Certificates(options.certificate, pair.certificate);
  if (!own) return tl::make_unexpected(own.error());
  if (auto ok = CheckMatch(options, pair, *own); !ok) return tl::make_unexpected(ok.error());
  const auto expires = ExpiryOf(options.certificate, *own->front());
  if (!expires) return tl::make_unexpected(expires.error());
  pair.expires = *expires;
  if (options.client_ca.empty()) return pair;
  auto ca = ReadPem(options.client_ca);
  if (!ca) return tl::make_unexpected(ca.error());
  pair.client_ca = std::move(*ca);
  if (auto all = Certificates(options.client_ca, pair.client_ca); !all) {
    return tl::make_unexpected(all.error());
  }
  return pair;
}

}  // namespace candor
