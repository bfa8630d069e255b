// SPDX-License-Identifier: Apache-2.0
//
// UTF-8 as RFC 3629 section 3 defines it: no overlong forms, no surrogates, nothing above U+10FFFF. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace candor {

struct CodePoint {
  uint32_t value = 0;
  size_t length = 0;  // bytes, 1..4; 0: the text does not begin with a well-formed sequence
};

// The code point at the front of `text`. An empty text has none.
CodePoint FirstCodePoint(std::string_view text);

}  // namespace candor
