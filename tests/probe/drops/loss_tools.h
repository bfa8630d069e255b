// SPDX-License-Identifier: Apache-2.0
//
// Tools for losses.h.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

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

// A UDP socket bound to this port; invalid on failure.
UniqueFd Bound(int family, uint16_t port, const char* ip = kLoopback);

// Whether a shell command succeeded.
bool Run(const std::string& command);

// What is sent unless another payload is given: 1000 bytes, each its place modulo 256.
const std::vector<uint8_t>& Pattern();
// Sends to `to`; returns how many the kernel accepted or refused with EPERM, which only the sender sees.
int64_t Send(const UniqueFd& from, const Address& to, int sends = kSends,
             const std::vector<uint8_t>& payload = Pattern());

// A firewall rule that drops in this hook, until destruction.
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
