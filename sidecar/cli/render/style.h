// SPDX-License-Identifier: Apache-2.0
//
// Terminal colours. Paint after padding: escape sequences have a length but no width on the screen.
// Tested in tests/cli/render/table_test.cc.
#pragma once

#include <string>

namespace candor::cli {

enum class Hue { kPlain, kBold, kDim, kGreen, kYellow, kRed, kMagenta };

struct Style {
  bool colour = false;  // false: Paint returns its text unchanged

  std::string Paint(Hue hue, std::string text) const {
    static constexpr const char* kCodes[] = {"", "1", "2", "1;32", "1;33", "1;31", "1;35"};
    if (!colour || hue == Hue::kPlain || text.empty()) return text;
    return std::string("\x1b[") + kCodes[static_cast<size_t>(hue)] + "m" + std::move(text) + "\x1b[0m";
  }
};

}  // namespace candor::cli
