// SPDX-License-Identifier: Apache-2.0
#include "loss_tools.h"

#include <arpa/inet.h>

#include <cerrno>
#include <cstdlib>
#include <numeric>

namespace candor::losses {

Address At(int family, const std::string& ip, uint16_t port) {
  Address a;
  if (family == AF_INET) {
    auto* in = reinterpret_cast<sockaddr_in*>(&a.storage);
    in->sin_family = AF_INET;
    in->sin_port = htons(port);
    ::inet_pton(AF_INET, ip == kLoopback ? "127.0.0.1" : ip.c_str(), &in->sin_addr);
    a.length = sizeof *in;
  } else {
    auto* in = reinterpret_cast<sockaddr_in6*>(&a.storage);
    in->sin6_family = AF_INET6;
    in->sin6_port = htons(port);
    ::inet_pton(AF_INET6, ip == kLoopback ? "::1" : ip.c_str(), &in->sin6_addr);
    a.length = sizeof *in;
  }
  return a;
}

UniqueFd Bound(int family, uint16_t port, const char* ip) {
  UniqueFd fd(::socket(family, SOCK_DGRAM, 0));
  const Address here = At(family, ip, port);
  if (::bind(fd.get(), here.get(), here.length) != 0) fd.Reset();
  return fd;
}

bool Run(const std::string& command) { return std::system((command + " >/dev/null").c_str()) == 0; }

const std::vector<uint8_t>& Pattern() {
  static const std::vector<uint8_t> pattern = [] {
    std::vector<uint8_t> bytes(1000);
    std::iota(bytes.begin(), bytes.end(), uint8_t{0});
    return bytes;
  }();
  return pattern;
}

int64_t Send(const UniqueFd& from, const Address& to, int sends, const std::vector<uint8_t>& payload) {
  int64_t done = 0;
  for (int i = 0; i < sends; ++i) {
    const bool sent = ::sendto(from.get(), payload.data(), payload.size(), 0, to.get(), to.length) > 0;
    done += sent || errno == EPERM ? 1 : 0;
  }
  return done;
}

Firewall::Firewall(const std::string& hook, const std::string& rule)
    : stands_(Run("/usr/sbin/nft 'add table inet drops; add chain inet drops c { type filter hook " + hook +
                  " priority 0; }; add rule inet drops c " + rule + " counter drop'")) {}
Firewall::~Firewall() { Run("/usr/sbin/nft delete table inet drops"); }

bool Firewall::Dropped(int64_t packets) const {
  return Run("/usr/sbin/nft list table inet drops | grep 'packets " + std::to_string(packets) + " '");
}

}  // namespace candor::losses
