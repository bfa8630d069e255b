// SPDX-License-Identifier: Apache-2.0
#include "base/port_range.h"

#include <charconv>

namespace candor {
namespace {

bool ParsePort(std::string_view text, uint16_t* port) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *port);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

tl::expected<PortRange, PortRangeError> ParsePortRange(std::string_view text) {
  const size_t dash = text.find('-');
  const std::string_view first = text.substr(0, dash);
  const std::string_view last = dash == std::string_view::npos ? first : text.substr(dash + 1);
  PortRange range;
  if (!ParsePort(first, &range.min)) return tl::make_unexpected(PortRangeError{false, first});
  if (!ParsePort(last, &range.max)) return tl::make_unexpected(PortRangeError{false, last});
  if (range.min > range.max) return tl::make_unexpected(PortRangeError{true, {}});
  return range;
}

}  // namespace candor
