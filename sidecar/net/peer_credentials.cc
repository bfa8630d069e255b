// SPDX-License-Identifier: Apache-2.0
#include "net/peer_credentials.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "flow/address.h"

namespace candor {
namespace {

std::string UserName(uid_t uid) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> buffer{};
  if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
    return "unknown user";
  return entry.pw_name;
}

}  // namespace

std::string PeerCredentials::Text() const {
  return fmt::format("{} (uid {}, pid {})", UserName(uid), uid, pid);
}

Result<PeerCredentials> ReadPeerCredentials(int unix_socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(unix_socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return FailErrno("cannot read the peer's credentials", errno);
  }
  return PeerCredentials{credentials.pid, credentials.uid, credentials.gid};
}

bool IsUnixPeer(std::string_view peer) { return peer.starts_with("unix:") || peer.starts_with("fd:"); }

bool IsLoopbackPeer(std::string_view peer) {
  const bool v6 = peer.starts_with("ipv6:");
  if (!v6 && !peer.starts_with("ipv4:")) return false;
  std::string_view host = peer.substr(5, peer.rfind(':') - 5);
  // gRPC writes an IPv6 address in brackets, plain or percent-encoded as in a URL.
  if (host.starts_with("%5B") && host.ends_with("%5D")) host = host.substr(3, host.size() - 6);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto address = IpAddress::Parse(host);
  if (!address) return false;
  if (address->IsV4()) return address->AsV4() >> 24 == 127;
  return *address == IpAddress::Parse("::1").value();
}

}  // namespace candor
