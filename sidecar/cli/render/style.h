// SPDX-License-Identifier: Apache-2.0
//
// Colour, or none: text comes out unchanged when colour is off. Paint after padding; escape sequences have
// no width on the screen but do have length.
#pragma once

#include <string>

namespace candor::cli {

enum class Hue { kPlain, kBold, kDim, kGreen, kYellow, kRed, kMagenta };

struct Style {
  bool colour = false;

  std::string Paint(Hue hue, std::string text) const {
    if (!colour || hue == Hue::kPlain || text.empty()) return text;
    return Code(hue) + std::move(text) + "\x1b[0m";
  }

 private:
  static std::string Code(Hue hue) {
    switch (hue) {
      case Hue::kPlain:
        return "";
      case Hue::kBold:
        return "\x1b[1m";
      case Hue::kDim:
        return "\x1b[2m";
      case Hue::kGreen:
        return "\x1b[1;32m";
      case Hue::kYellow:
        return "\x1b[1;33m";
      case Hue::kRed:
        return "\x1b[1;31m";
      case Hue::kMagenta:
        return "\x1b[1;35m";
    }
    return "";
  }
};

}  // namespace candor::cli
