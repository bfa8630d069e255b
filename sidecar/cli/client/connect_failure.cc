// SPDX-License-Identifier: Apache-2.0
#include "cli/client/connect_failure.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <vector>

#include "base/host_port.h"
#include "base/poll.h"
#include "base/unique_fd.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr std::string_view kUnix = "unix:";
constexpr const char* kStartHint =
    "is candord running? start it (systemctl start candord, or scripts/run), or give --address";

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

bool IsUnix(std::string_view address) { return address.starts_with(kUnix); }

std::vector<SocketAddress> UnixAddress(std::string_view path) {
  SocketAddress out;
  auto* un = reinterpret_cast<sockaddr_un*>(&out.storage);
  if (path.size() >= sizeof un->sun_path) return {};
  un->sun_family = AF_UNIX;
  std::memcpy(un->sun_path, path.data(), path.size());
  out.size = sizeof *un;
  return {out};
}

std::vector<SocketAddress> Resolve(const std::string& address) {
  if (IsUnix(address)) return UnixAddress(std::string_view(address).substr(kUnix.size()));
  const auto parts = ParseHostPort(address);
  if (!parts) return {};
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  if (::getaddrinfo(std::string(parts->host).c_str(), std::to_string(parts->port).c_str(), &hints, &found) !=
      0)
    return {};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, &::freeaddrinfo);
  std::vector<SocketAddress> out;
  for (const addrinfo* a = found; a != nullptr; a = a->ai_next) {
    SocketAddress one;
    std::memcpy(&one.storage, a->ai_addr, a->ai_addrlen);
    one.size = a->ai_addrlen;
    out.push_back(one);
  }
  return out;
}

int TryOne(const SocketAddress& to, std::chrono::milliseconds timeout) {
  const UniqueFd fd(::socket(to.get()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return errno;
  if (::connect(fd.get(), to.get(), to.size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd waiting{fd.get(), POLLOUT, 0};
  if (PollFds({&waiting, 1}, timeout) <= 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

std::string SystemText(int error) { return std::generic_category().message(error); }

std::string UnixReason(int error) {
  switch (error) {
    case ENOENT:
      return fmt::format("there is no such socket; {}", kStartHint);
    case ECONNREFUSED:
      return fmt::format("Connection refused: no process listens at that socket; {}", kStartHint);
    case EACCES:
    case EPERM:
      return "Permission denied; run this as root or in the group of that file and its folder (see ls -l)";
    case EAGAIN:
      return "too many connections wait there already; candord is stopped or overloaded: check its process";
    default:
      return SystemText(error) + "; is this the path of candord's socket? check it";
  }
}

std::string TcpReason(int error, const ConnectFailure& f) {
  switch (error) {
    case ECONNREFUSED:
      return fmt::format("Connection refused; {}", kStartHint);
    case ETIMEDOUT:
      return fmt::format(
          "no answer within {} ms; a firewall drops the packets, or the host is down: check --address, or "
          "give "
          "a longer --timeout",
          f.timeout.count());
    case EACCES:
    case EPERM:
      return SystemText(error) + "; a local firewall or security policy forbids this connection";
    case EADDRNOTAVAIL:
      return "that host name has no address; check --address and the name service";
    default:
      return SystemText(error) + "; check --address and the network path";
  }
}

// gRPC's error text without its frame: "failed to connect to all addresses; last error: UNKNOWN:
// ipv4:1.2.3.4:5: X".
std::string InnerError(const std::string& grpc_error) {
  static constexpr std::string_view kFrame = "last error: ";
  std::string out = grpc_error;
  if (const size_t at = out.find(kFrame); at != std::string::npos) out = out.substr(at + kFrame.size());
  for (const char* scheme : {"ipv4:", "ipv6:", "unix:"}) {
    const size_t at = out.find(scheme);
    const size_t end = at == std::string::npos ? at : out.find(": ", at);
    if (end != std::string::npos) return Printable(out.substr(end + 2));
  }
  return Printable(out);
}

// Something listens there, and it does not speak the expected gRPC.
std::string ProtocolReason(const ConnectFailure& f) {
  if (f.tls && f.grpc_error.find("wrong version number") != std::string::npos) {
    return "connected, but that port does not use TLS; leave out --tls-*, or give an --address that uses it";
  }
  if (f.tls) {
    const std::string what = f.failed_early ? InnerError(f.grpc_error)
                                            : fmt::format("no handshake within {} ms", f.timeout.count());
    // gRPC makes no connection with a pair that it cannot use, and gives no reason.
    if (f.grpc_error.find("empty address list") != std::string::npos) {
      return "the certificate of --tls-cert and the key of --tls-key cannot be used together; give a "
             "matching "
             "pair, in PEM form and without a passphrase";
    }
    return "connected, but TLS failed: " + what +
           "; check --tls-ca, --tls-name and --tls-cert against the certificate in candord's setting tls. On "
           "the "
           "node itself the admin socket needs no TLS: --address unix:/run/candor/admin.sock";
  }
  if (!f.failed_early) {
    return fmt::format(
        "connected, but no answer within {} ms; candord is stopped or overloaded, or another program "
        "listens there: check its process",
        f.timeout.count());
  }
  if (IsUnix(f.address)) return "connected, but the listener does not speak gRPC; check the path";
  return "connected, but the listener closed the connection (" + InnerError(f.grpc_error) +
         "); it expects TLS (give --tls-ca FILE) or is not candord (check --address)";
}

bool SameHost(const SocketAddress& a, const sockaddr* b) {
  if (b == nullptr || a.get()->sa_family != b->sa_family) return false;
  if (b->sa_family == AF_INET) {
    return reinterpret_cast<const sockaddr_in*>(a.get())->sin_addr.s_addr ==
           reinterpret_cast<const sockaddr_in*>(b)->sin_addr.s_addr;
  }
  return b->sa_family == AF_INET6 &&
         std::memcmp(&reinterpret_cast<const sockaddr_in6*>(a.get())->sin6_addr,
                     &reinterpret_cast<const sockaddr_in6*>(b)->sin6_addr, sizeof(in6_addr)) == 0;
}

bool IsLoopback(const SocketAddress& a) {
  if (a.get()->sa_family == AF_INET) {
    return ntohl(reinterpret_cast<const sockaddr_in*>(a.get())->sin_addr.s_addr) >> 24 == 127;
  }
  return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(a.get())->sin6_addr);
}

bool IsOfThisMachine(const SocketAddress& a) {
  if (IsLoopback(a)) return true;
  ifaddrs* found = nullptr;
  if (::getifaddrs(&found) != 0) return false;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> all(found, &::freeifaddrs);
  for (const ifaddrs* i = found; i != nullptr; i = i->ifa_next) {
    if (SameHost(a, i->ifa_addr)) return true;
  }
  return false;
}

bool IsWildcard(const SocketAddress& a) {
  if (a.get()->sa_family == AF_INET) {
    return reinterpret_cast<const sockaddr_in*>(a.get())->sin_addr.s_addr == htonl(INADDR_ANY);
  }
  return IN6_IS_ADDR_UNSPECIFIED(&reinterpret_cast<const sockaddr_in6*>(a.get())->sin6_addr);
}

}  // namespace

int TryConnect(const std::string& address, std::chrono::milliseconds timeout) {
  int last = EADDRNOTAVAIL;
  for (const SocketAddress& to : Resolve(address)) {
    last = TryOne(to, timeout);
    if (last == 0) return 0;
  }
  return last;
}

std::string ExplainConnectFailure(const ConnectFailure& f) {
  const int error = TryConnect(f.address, f.timeout);
  if (error == 0) return ProtocolReason(f);
  return IsUnix(f.address) ? UnixReason(error) : TcpReason(error, f);
}

bool ReachesListener(const std::string& asked, const std::string& listening) {
  if (IsUnix(asked) || IsUnix(listening)) return asked == listening;
  const auto to = ParseHostPort(asked), at = ParseHostPort(listening);
  if (!to || !at || to->port != at->port) return false;
  const auto ours = Resolve(listening);
  for (const SocketAddress& a : Resolve(asked)) {
    if (!IsOfThisMachine(a)) continue;
    const bool covered = std::any_of(ours.begin(), ours.end(), [&](const SocketAddress& l) {
      return IsWildcard(l) || SameHost(a, l.get());
    });
    if (covered) return true;
  }
  return false;
}

}  // namespace candor::cli
