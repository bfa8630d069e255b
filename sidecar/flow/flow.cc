// SPDX-License-Identifier: Apache-2.0
#include "flow/flow.h"

#include <algorithm>
#include <cstring>

namespace candor {

static_assert(sizeof(FlowKey) == 36, "no padding in the map's key");

std::string_view Name(Phase p) {
  switch (p) {
    case Phase::kNone:
      return "none";
    case Phase::kOffered:
      return "offered";
    case Phase::kAnswered:
      return "answered";
    case Phase::kNominated:
      return "nominated";
    case Phase::kSecured:
      return "secured";
    case Phase::kActive:
      return "active";
  }
  return "none";
}

std::string_view Name(WaitingOn o) {
  switch (o) {
    case WaitingOn::kNone:
      return "none";
    case WaitingOn::kNode:
      return "node";
    case WaitingOn::kPeer:
      return "peer";
    case WaitingOn::kPath:
      return "path";
  }
  return "none";
}

Endpoint LocalOf(const FlowKey& k) { return {IpAddress::From(k.local_addr), k.local_port}; }
Endpoint RemoteOf(const FlowKey& k) { return {IpAddress::From(k.remote_addr), k.remote_port}; }

size_t FlowKeyHash::operator()(const FlowKey& k) const noexcept {
  const uint64_t ports = (static_cast<uint64_t>(k.local_port) << 16) | k.remote_port;
  const std::hash<IpAddress> hash;
  return hash(IpAddress::From(k.remote_addr)) ^ (hash(IpAddress::From(k.local_addr)) * 31) ^
         static_cast<size_t>(ports * 0x9e3779b97f4a7c15ull);
}

bool FlowKeyEqual::operator()(const FlowKey& a, const FlowKey& b) const noexcept {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

std::string UfragText(const FlowState& f) {
  // ice-char = ALPHA / DIGIT / "+" / "/" (RFC 8839 section 5.4); the bytes come from the network.
  const auto length = std::min<size_t>(f.ufrag_len, CANDOR_UFRAG_TEXT);
  std::string out(length, '?');
  for (size_t i = 0; i < length; ++i) {
    const auto c = static_cast<char>(f.ufrag_text[i]);
    const bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
                    c == '/' || c == '-' || c == '_' || c == '.';
    if (ok) out[i] = c;
  }
  return out;
}

}  // namespace candor
