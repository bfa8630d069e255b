// SPDX-License-Identifier: Apache-2.0
#include "net/listen_address.h"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "base/host_port.h"
#include "base/unique_fd.h"

namespace candor {
namespace {

constexpr std::string_view kUnix = "unix:";

auto NotAnAddress(std::string_view text) {
  return Fail(fmt::format(
      "'{}' is not an address to listen on; expected 127.0.0.1:7460, [::1]:7460 or unix:/run/candor.sock",
      text));
}

Result<ListenAddress> ParseUnix(std::string_view text) {
  ListenAddress a;
  a.text = text;
  a.path = text.substr(kUnix.size());
  if (a.path.empty()) return NotAnAddress(text);
  const size_t longest = sizeof(sockaddr_un{}.sun_path) - 1;
  if (a.path.size() > longest) {
    return Fail(fmt::format("unix socket path '{}' has {} bytes; the system allows {}", a.path, a.path.size(),
                            longest));
  }
  return a;
}

tl::unexpected<Error> InUse(const ListenAddress& a) {
  return tl::make_unexpected(Error{
      fmt::format("cannot listen on {}: another process listens there already, perhaps a second candord; "
                  "stop it or choose another address",
                  a.text),
      EADDRINUSE});
}

Result<void> CheckUnixFree(const ListenAddress& a) {
  struct stat st {};
  if (::lstat(a.path.c_str(), &st) != 0) {
    const size_t slash = a.path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : a.path.substr(0, slash + 1);
    if (errno == ENOENT && ::access(folder.c_str(), W_OK | X_OK) == 0) return {};
    return FailErrno("cannot listen on " + a.text, errno);
  }
  if (!S_ISSOCK(st.st_mode)) {
    return Fail(
        fmt::format("cannot listen on {}: a file that is no socket is in the way; remove it", a.text));
  }
  const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un sun{};
  sun.sun_family = AF_UNIX;
  std::memcpy(sun.sun_path, a.path.c_str(), a.path.size());
  const int rc = ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&sun), sizeof sun);
  // EAGAIN: a process listens and its backlog is full. ECONNREFUSED: no process listens any more.
  if (rc == 0 || errno == EAGAIN) return InUse(a);
  if (errno == ECONNREFUSED || errno == ENOENT) return {};
  return FailErrno("cannot listen on " + a.text, errno);
}

// 0 or the errno of binding and listening.
int TryBind(const addrinfo& info, std::vector<UniqueFd>* held) {
  UniqueFd fd(::socket(info.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return errno;
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on,
               sizeof on);  // connections in TIME_WAIT do not prevent binding
  if (::bind(fd.get(), info.ai_addr, info.ai_addrlen) != 0) return errno;
  if (::listen(fd.get(), 1) != 0) return errno;
  if (held != nullptr) held->push_back(std::move(fd));
  return 0;
}

Result<void> CheckTcpFree(const ListenAddress& a, std::vector<UniqueFd>* held) {
  const auto resolved = Resolve(a);
  if (!resolved) return tl::make_unexpected(resolved.error());
  const addrinfo* found = resolved->get();
  int last = 0;
  bool any = false;
  for (const addrinfo* i = found; i != nullptr; i = i->ai_next) {
    const int code = TryBind(*i, nullptr);
    if (code == EADDRINUSE) return InUse(a);
    if (code == 0) any = true;
    if (code != 0) last = code;
  }
  if (held != nullptr && a.port != 0) {
    for (const addrinfo* i = found; i != nullptr; i = i->ai_next) static_cast<void>(TryBind(*i, held));
  }
  // A name may stand for addresses that this machine lacks, such as ::1; one that can be bound is enough.
  if (any) return {};
  return FailErrno("cannot listen on " + a.text, last);
}

}  // namespace

Result<ListenAddress> ListenAddress::Parse(std::string_view text) {
  if (text.starts_with(kUnix)) return ParseUnix(text);
  const auto parsed = ParseHostPort(text);
  if (!parsed) return NotAnAddress(text);
  ListenAddress a;
  a.text = text;
  a.host = parsed->host;
  a.port = parsed->port;
  return a;
}

Result<AddressList> Resolve(const ListenAddress& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int rc = ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (rc != 0) return Fail(fmt::format("cannot listen on {}: {}", address.text, ::gai_strerror(rc)));
  return AddressList(found, &::freeaddrinfo);
}

Result<void> CheckFree(const ListenAddress& address, std::vector<UniqueFd>* held) {
  return address.is_unix() ? CheckUnixFree(address) : CheckTcpFree(address, held);
}

bool IsInUse(const Error& error) { return error.code == EADDRINUSE; }

Result<std::vector<ListenAddress>> ParseAddresses(const std::vector<std::string>& texts, bool take_over) {
  std::vector<ListenAddress> addresses;
  std::vector<UniqueFd> held;  // ports are shared: binding one twice would succeed
  for (const std::string& text : texts) {
    auto address = ListenAddress::Parse(text);
    if (!address) return tl::make_unexpected(address.error());
    const bool twice = std::any_of(addresses.begin(), addresses.end(),
                                   [&](const ListenAddress& a) { return a.text == address->text; });
    if (twice && address->is_fixed()) return Fail("cannot listen on " + text + ": it is listed twice");
    if (auto free = CheckFree(*address, &held); !free && !(take_over && IsInUse(free.error()))) {
      held.clear();
      if (!CheckFree(*address)) return tl::make_unexpected(free.error());
      return Fail("cannot listen on " + text + " too: do two of them stand for the same port?");
    }
    addresses.push_back(std::move(*address));
  }
  return addresses;
}

}  // namespace candor
