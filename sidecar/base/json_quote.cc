// SPDX-License-Identifier: Apache-2.0
#include "base/json_quote.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace candor {

std::string JsonQuoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const CodePoint c = FirstCodePoint(text);
    if (c.length == 0) {
      out += "\\ufffd";
    } else if (c.value < 0x20 || c.value == 0x7f) {
      out += fmt::format("\\u{:04x}", c.value);
    } else if (c.value == '"' || c.value == '\\') {
      out += {'\\', text.front()};
    } else {
      out += text.substr(0, c.length);
    }
    text.remove_prefix(c.length == 0 ? 1 : c.length);
  }
  return out + "\"";
}

}  // namespace candor
