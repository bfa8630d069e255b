// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace candor {

// Views into the text that was parsed.
struct HostPort {
  std::string_view host;  // a name or an address, never empty; an IPv6 address without its brackets
  uint16_t port = 0;
};

// HOST:PORT or [IPV6]:PORT, the port 0..65535 in decimal. nullopt for anything else: an IPv6 address without
// brackets would lose its last group to the port. Does not resolve or check the host. Pure.
std::optional<HostPort> ParseHostPort(std::string_view text);

}  // namespace candor
