// SPDX-License-Identifier: Apache-2.0
//
// What the losses of losses.h are made with.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>

#include "base/unique_fd.h"

namespace candor::losses {

constexpr int kSends = 20;
constexpr const char* kLoopback = "";  // of either family

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};
Address At(int family, const std::string& ip, uint16_t port);

// A UDP socket with this port; none when it cannot be had.
UniqueFd Bound(int family, uint16_t port, const char* ip = kLoopback);

// Whether a shell command ended well.
bool Run(const std::string& command);

// Sends to `to`; how many the kernel took, or refused with EPERM: nobody else would know of those.
int64_t Send(const UniqueFd& from, const Address& to, int sends = kSends);

// While it lives the firewall drops in this hook what the rule says.
class Firewall {
 public:
  Firewall(const std::string& hook, const std::string& rule);
  ~Firewall();
  Firewall(const Firewall&) = delete;
  Firewall& operator=(const Firewall&) = delete;
  bool stands() const { return stands_; }
  bool Dropped(int64_t packets) const;  // so many

 private:
  bool stands_;
};

}  // namespace candor::losses
