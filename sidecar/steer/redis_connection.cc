// SPDX-License-Identifier: Apache-2.0
#include "steer/redis_connection.h"

#include <hiredis/hiredis.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/host_port.h"
#include "base/poll.h"

namespace candor::steer {
namespace {

constexpr std::string_view kUnix = "unix:";
constexpr size_t kLargestReply = size_t{64} << 20;

// Whether `fd` is ready for `events` by the deadline.
bool Await(int fd, short events, Time deadline) {
  pollfd waiting{fd, events, 0};
  const Duration left = deadline - MonotonicNow();
  return PollFds({&waiting, 1}, std::max(left, Duration::zero())) > 0;
}

// The errno of a non-blocking connect; 0: connected.
int Connect(const UniqueFd& fd, const sockaddr* to, socklen_t size, Time deadline) {
  if (::connect(fd.get(), to, size) == 0) return 0;
  if (errno != EINPROGRESS && errno != EAGAIN) return errno;
  if (!Await(fd.get(), POLLOUT, deadline)) return ETIMEDOUT;
  int error = 0;
  socklen_t length = sizeof error;
  if (::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &length) != 0) return errno;
  return error;
}

Result<UniqueFd> ConnectUnix(const std::string& path, Time deadline) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (path.size() >= sizeof to.sun_path) return Fail("the path " + path + " is too long");
  std::memcpy(to.sun_path, path.data(), path.size());
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return FailErrno("cannot open a socket", errno);
  const int error = Connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to, deadline);
  if (error != 0) return FailErrno("cannot connect to Redis at unix:" + path, error);
  return fd;
}

Result<UniqueFd> ConnectTcp(const std::string& address, Time deadline) {
  const auto parts = ParseHostPort(address);
  if (!parts) return Fail("not an address: " + address);
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string host(parts->host);
  const int rc = ::getaddrinfo(host.c_str(), std::to_string(parts->port).c_str(), &wanted, &found);
  if (rc != 0) return Fail("cannot find " + host + ": " + ::gai_strerror(rc));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, &::freeaddrinfo);
  int error = ENOENT;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    UniqueFd fd(::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) return FailErrno("cannot open a socket", errno);
    error = Connect(fd, one->ai_addr, one->ai_addrlen, deadline);
    if (error != 0) continue;
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
  }
  return FailErrno("cannot connect to Redis at " + address, error);
}

Reply ToReply(const redisReply& r) {
  Reply out;
  switch (r.type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      out.kind = Reply::Kind::kText;
      out.text.assign(r.str, r.len);
      break;
    case REDIS_REPLY_ERROR:
      out.kind = Reply::Kind::kError;
      out.text.assign(r.str, r.len);
      break;
    case REDIS_REPLY_INTEGER:
      out.kind = Reply::Kind::kInteger;
      out.integer = r.integer;
      break;
    case REDIS_REPLY_ARRAY:
      out.kind = Reply::Kind::kList;
      for (size_t i = 0; i < r.elements; ++i) out.items.push_back(ToReply(*r.element[i]));
      break;
    default:
      break;
  }
  return out;
}

}  // namespace

RedisConnection::RedisConnection(std::string address, UniqueFd fd)
    : address_(std::move(address)), fd_(std::move(fd)), reader_(redisReaderCreate()) {}

Result<std::unique_ptr<RedisConnection>> RedisConnection::Open(const std::string& address, SSL_CTX* tls,
                                                               const std::string& tls_name, Time deadline) {
  auto fd = address.starts_with(kUnix) ? ConnectUnix(address.substr(kUnix.size()), deadline)
                                       : ConnectTcp(address, deadline);
  if (!fd) return tl::make_unexpected(fd.error());
  std::unique_ptr<RedisConnection> made(new RedisConnection(address, std::move(*fd)));
  if (!made->reader_) return Fail("no memory for a connection to Redis");
  if (tls == nullptr) return made;
  if (const auto done = made->StartTls(tls, tls_name, deadline); !done)
    return tl::make_unexpected(done.error());
  return made;
}

tl::unexpected<Error> RedisConnection::Late() const { return Fail(about("does not answer in time")); }

Result<void> RedisConnection::StartTls(SSL_CTX* tls, const std::string& name, Time deadline) {
  auto session = MakeTlsSession(tls, fd_.get(), name);
  if (!session) return tl::make_unexpected(session.error());
  tls_ = std::move(*session);
  int rc = 0;
  while ((rc = SSL_connect(tls_.get())) != 1) {
    if (const auto ready = AwaitTls(rc, "refuses TLS", deadline); !ready) return ready;
  }
  return {};
}

// After an SSL_ call that returned `result`: waits for what it needs.
Result<void> RedisConnection::AwaitTls(int result, const char* doing, Time deadline) {
  const int why = SSL_get_error(tls_.get(), result);
  const bool reads = why == SSL_ERROR_WANT_READ;
  if (!reads && why != SSL_ERROR_WANT_WRITE) {
    const long verified = SSL_get_verify_result(tls_.get());
    if (why == SSL_ERROR_ZERO_RETURN) return Fail(about("has closed the connection"));
    if (verified == X509_V_OK) return Fail(about(doing) + ": " + TlsErrorText());
    ERR_clear_error();
    return Fail(about("has a certificate that is not accepted: ") + X509_verify_cert_error_string(verified));
  }
  if (!Await(fd_.get(), reads ? POLLIN : POLLOUT, deadline)) return Late();
  return {};
}

Result<void> RedisConnection::Send(std::string_view bytes, Time deadline) {
  while (!bytes.empty()) {
    if (tls_) {
      const int n = SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
      if (n > 0) {
        bytes.remove_prefix(static_cast<size_t>(n));
      } else if (const auto ready = AwaitTls(n, "cannot be written to", deadline); !ready) {
        return ready;
      }
      continue;
    }
    const ssize_t n = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n >= 0) {
      bytes.remove_prefix(static_cast<size_t>(n));
    } else if (errno != EAGAIN && errno != EINTR) {
      return FailErrno("cannot write to Redis at " + address_, errno);
    } else if (!Await(fd_.get(), POLLOUT, deadline)) {
      return Late();
    }
  }
  return {};
}

Result<bool> RedisConnection::Receive(Time deadline) {
  std::array<char, 16384> buffer;
  ssize_t n = 0;
  if (tls_) {
    n = SSL_read(tls_.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (n <= 0 && SSL_get_error(tls_.get(), static_cast<int>(n)) == SSL_ERROR_WANT_READ) {
      return Await(fd_.get(), POLLIN, deadline);
    }
    if (n <= 0) {
      if (const auto ready = AwaitTls(static_cast<int>(n), "cannot be read", deadline); !ready)
        return tl::make_unexpected(ready.error());
      return true;
    }
  } else {
    n = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (n == 0) return Fail(about("has closed the connection"));
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return Await(fd_.get(), POLLIN, deadline);
    if (n < 0) return FailErrno("cannot read from Redis at " + address_, errno);
  }
  if (reader_->len - reader_->pos > kLargestReply) return Fail(about("sends too much"));
  if (redisReaderFeed(reader_.get(), buffer.data(), static_cast<size_t>(n)) != REDIS_OK)
    return Fail(about(std::string("does not speak its protocol: ") + reader_->errstr));
  return true;
}

Result<std::optional<Reply>> RedisConnection::Parsed() {
  void* reply = nullptr;
  if (redisReaderGetReply(reader_.get(), &reply) != REDIS_OK)
    return Fail(about(std::string("does not speak its protocol: ") + reader_->errstr));
  if (reply == nullptr) return std::optional<Reply>();
  Reply out = ToReply(*static_cast<redisReply*>(reply));
  freeReplyObject(reply);
  return std::optional(std::move(out));
}

Result<Reply> RedisConnection::Call(const std::vector<std::string>& words, Time deadline) {
  std::string bytes = "*" + std::to_string(words.size()) + "\r\n";
  for (const std::string& word : words) bytes += "$" + std::to_string(word.size()) + "\r\n" + word + "\r\n";
  if (const auto sent = Send(bytes, deadline); !sent) return tl::make_unexpected(sent.error());
  for (;;) {
    auto reply = Parsed();
    if (!reply) return tl::make_unexpected(reply.error());
    if (*reply) {
      if ((*reply)->is(Reply::Kind::kError))
        return Fail(about("refuses " + words.front() + ": " + (*reply)->text));
      return std::move(**reply);
    }
    const auto read = Receive(deadline);
    if (!read) return tl::make_unexpected(read.error());
    if (!*read) return Late();
  }
}

Result<std::optional<Reply>> RedisConnection::TakePushed() {
  for (;;) {
    auto reply = Parsed();
    if (!reply || *reply) return reply;
    const auto read = Receive(Time{});
    if (!read) return tl::make_unexpected(read.error());
    if (!*read) return std::optional<Reply>();
  }
}

}  // namespace candor::steer
