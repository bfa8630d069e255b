// SPDX-License-Identifier: Apache-2.0
#include "config/checks.h"

#include <string_view>

#include "base/host_port.h"
#include "flow/nat64.h"
#include "pipeline/server_name.h"

namespace candor::config {
namespace {

// The longest path that fits sockaddr_un.sun_path with its final zero (unix(7)).
constexpr size_t kUnixPathMax = 107;

bool IsUnixPath(std::string_view v) {
  constexpr std::string_view kScheme = "unix:";
  if (!v.starts_with(kScheme)) return false;
  v.remove_prefix(kScheme.size());
  return v.size() > 1 && v.front() == '/' && v.size() <= kUnixPathMax;
}

bool IsHostPort(std::string_view v, uint16_t lowest_port) {
  const auto parsed = ParseHostPort(v);
  return parsed && parsed->port >= lowest_port;
}

}  // namespace

ValueError CgroupPath::operator()(const std::string& v) const {
  if (v == "auto" || v.starts_with('/')) return std::nullopt;
  return "expected auto or an absolute path, not '" + v + "'";
}

ValueError FilePath::operator()(const std::string& v) const {
  if (v.empty() || v.starts_with('/')) return std::nullopt;
  return "expected an absolute path, not '" + v + "'";
}

ValueError AutoPath::operator()(const std::string& v) const {
  if (v == "auto" || v == "off" || v.starts_with('/')) return std::nullopt;
  return "expected auto, off or an absolute path, not '" + v + "'";
}

ValueError Nat64Prefix::operator()(const IpPrefix& v) const {
  if (!v.address.IsV4() && IsNat64Length(v.bits)) return std::nullopt;
  return "expected an IPv6 prefix of 32, 40, 48, 56, 64 or 96 bits (RFC 6052), not '" + v.ToString() + "'";
}

ValueError ServerName::operator()(const std::string& v) const {
  if (IsReservedServerName(v)) return "expected a name that is not reserved, not '" + v + "'";
  if (!IsServerName(v)) return "expected 1 to 64 characters of A-Z a-z 0-9 @ : . _ -, not '" + v + "'";
  return std::nullopt;
}

ValueError HttpUrl::operator()(const std::string& v) const {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!v.starts_with(scheme) || v.size() == scheme.size() || v.find(' ') != std::string::npos) continue;
    const std::string_view rest = std::string_view(v).substr(scheme.size());
    if (rest.substr(0, rest.find_first_of("/?#")).find('@') == std::string_view::npos) return std::nullopt;
    return "expected a URL without a name and a password, for every interface shows the settings";
  }
  if (v.empty()) return std::nullopt;
  return "expected a URL like http://127.0.0.1:7880/, not '" + v + "'";
}

ValueError GrpcTarget::operator()(const std::string& v) const {
  if (v.empty() || IsUnixPath(v) || IsHostPort(v, 1)) return std::nullopt;
  return "expected HOST:PORT or unix:/path, not '" + v + "'";
}

ValueError RedisAddress::operator()(const std::string& v) const {
  if (IsUnixPath(v) || IsHostPort(v, 1)) return std::nullopt;
  return "expected HOST:PORT or unix:/path, not '" + v + "'";
}

ValueError ListenAddress::operator()(const std::string& v) const {
  if (IsUnixPath(v) || IsHostPort(v, 0)) return std::nullopt;
  return "expected HOST:PORT or unix:/path, not '" + v + "'";
}

}  // namespace candor::config
