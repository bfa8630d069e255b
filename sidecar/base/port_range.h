// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <tl/expected.hpp>

namespace candor {

// UDP or TCP ports, inclusive at both ends.
struct PortRange {
  uint16_t min = 0;
  uint16_t max = 65535;
  bool operator==(const PortRange&) const = default;
};

struct PortRangeError {
  bool reversed = false;      // both ends are ports, the first one is the higher
  std::string_view not_port;  // else: the end that is no number within 0..65535; a view into the text
};

// "20000-30000", or one port. Pure.
tl::expected<PortRange, PortRangeError> ParsePortRange(std::string_view text);

}  // namespace candor
