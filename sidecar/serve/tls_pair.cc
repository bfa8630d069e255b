// SPDX-License-Identifier: Apache-2.0
#include "serve/tls_pair.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <cerrno>
#include <memory>

#include "base/unique_fd.h"

namespace candor {
namespace {

constexpr size_t kLargest = 1 << 20;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using Bio = std::unique_ptr<BIO, Freed<&BIO_free>>;
using Certificate = std::unique_ptr<X509, Freed<&X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<&EVP_PKEY_free>>;

Result<std::string> ReadFile(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return FailErrno("cannot read " + path, errno);
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FailErrno("cannot read " + path, errno);
    if (n == 0) return text;
    text.append(buffer.data(), static_cast<size_t>(n));
    if (text.size() > kLargest) return Fail(path + " is larger than 1 MiB: that is no PEM file");
  }
}

Bio Reading(const std::string& pem) { return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

// A key with a passphrase must fail, not ask at the terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

Result<Certificate> FirstCertificate(const std::string& path, const std::string& pem) {
  Certificate c(PEM_read_bio_X509(Reading(pem).get(), nullptr, &NoPassphrase, nullptr));
  ERR_clear_error();
  if (!c) return Fail(path + " holds no certificate in PEM form");
  return c;
}

Result<WallTime> ExpiryOf(const std::string& path, const X509& certificate) {
  tm at{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &at) != 1) return Fail(path + ": its end is no time");
  return WallTime(std::chrono::seconds(timegm(&at)));
}

Result<void> CheckMatch(const TlsOptions& options, const TlsPair& pair, X509* certificate) {
  const Key key(PEM_read_bio_PrivateKey(Reading(pair.key).get(), nullptr, &NoPassphrase, nullptr));
  ERR_clear_error();
  if (!key) return Fail(options.key + " holds no private key in PEM form (one without a passphrase)");
  const bool match = X509_check_private_key(certificate, key.get()) == 1;
  ERR_clear_error();
  if (!match)
    return Fail("the certificate in " + options.certificate + " does not match the key in " + options.key);
  return {};
}

}  // namespace

Result<TlsPair> ReadTlsPair(const TlsOptions& options) {
  TlsPair pair;
  auto certificate = ReadFile(options.certificate);
  if (!certificate) return tl::make_unexpected(certificate.error());
  auto key = ReadFile(options.key);
  if (!key) return tl::make_unexpected(key.error());
  pair.certificate = std::move(*certificate);
  pair.key = std::move(*key);
  const auto own = FirstCertificate(options.certificate, pair.certificate);
  if (!own) return tl::make_unexpected(own.error());
  if (auto ok = CheckMatch(options, pair, own->get()); !ok) return tl::make_unexpected(ok.error());
  const auto expires = ExpiryOf(options.certificate, **own);
  if (!expires) return tl::make_unexpected(expires.error());
  pair.expires = *expires;
  if (options.client_ca.empty()) return pair;
  auto ca = ReadFile(options.client_ca);
  if (!ca) return tl::make_unexpected(ca.error());
  pair.client_ca = std::move(*ca);
  if (auto first = FirstCertificate(options.client_ca, pair.client_ca); !first) {
    return tl::make_unexpected(first.error());
  }
  return pair;
}

}  // namespace candor
