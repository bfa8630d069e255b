// SPDX-License-Identifier: Apache-2.0
#include "cli/render/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/counted.h"
#include "base/duration_text.h"
#include "base/utf8.h"

namespace candor::cli {
namespace {

using std::chrono::nanoseconds;

// Controls, and characters that reorder or break lines on a terminal.
bool Dangerous(uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

std::string Escaped(uint32_t c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  if (c == '\r') return "\\r";
  return c < 0x100 ? fmt::format("\\x{:02x}", c) : fmt::format("\\u{{{:04x}}}", c);
}

std::string TwoUnits(int64_t big, const char* big_unit, int64_t small, const char* small_unit) {
  if (small == 0) return fmt::format("{} {}", big, big_unit);
  return fmt::format("{} {} {} {}", big, big_unit, small, small_unit);
}

}  // namespace

std::string Printable(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  while (!raw.empty()) {
    const CodePoint c = FirstCodePoint(raw);
    if (c.length == 0) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(raw.front()));
      raw.remove_prefix(1);
      continue;
    }
    if (Dangerous(c.value)) {
      out += Escaped(c.value);
    } else {
      out += raw.substr(0, c.length);
    }
    raw.remove_prefix(c.length);
  }
  return out;
}

size_t Columns(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & '\xC0') != '\x80'; }));
}

std::string Age(nanoseconds d) {
  const int64_t s = std::max<int64_t>(0, std::chrono::floor<std::chrono::seconds>(d).count());
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return TwoUnits(s / 60, "min", s % 60, "s");
  if (s < 86400) return TwoUnits(s / 3600, "h", s % 3600 / 60, "min");
  return TwoUnits(s / 86400, "d", s % 86400 / 3600, "h");
}

std::string Brief(nanoseconds d) {
  const double seconds = std::max(0.0, std::chrono::duration<double>(d).count());
  if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1e3);
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  return Age(d);
}

std::string Thousands(uint64_t n) {
  std::string digits = std::to_string(n);
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string Counted(uint64_t n, std::string_view one, std::string_view many) {
  return Thousands(n) + " " + NounFor(n, one, many);
}

std::string Percent(double share) {
  if (!std::isfinite(share)) return "?";
  const double percent = share * 100;
  return percent < 9.95 ? fmt::format("{:.1f} %", percent) : fmt::format("{:.0f} %", percent);
}

std::string Bar(double part, double whole, size_t cells) {
  size_t full = 0;
  if (part > 0 && whole > 0) {
    const double share = part >= whole ? 1 : part / whole;
    full = static_cast<size_t>(share * static_cast<double>(cells));
  }
  return "[" + std::string(full, '#') + std::string(cells - full, '.') + "]";
}

std::string Wrap(std::string_view text, size_t indent, size_t width) {
  const std::string margin(indent, ' ');
  std::string out, line;
  while (!text.empty()) {
    const size_t space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    if (word.empty()) continue;
    if (!line.empty() && indent + Columns(line) + 1 + Columns(word) > width) {
      out += margin + line + "\n";
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  return line.empty() ? out : out + margin + line + "\n";
}

std::string Paragraph(std::string_view text, size_t indent) {
  return text.empty() ? std::string() : std::string(indent, ' ') + std::string(text) + "\n";
}

std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !std::isfinite(number) || number < 0) return std::nullopt;
  const auto unit = UnitNamed(text.substr(static_cast<size_t>(end - text.data())));
  if (!unit || *unit < std::chrono::milliseconds(1)) return std::nullopt;
  const double ms = std::round(number * std::chrono::duration<double, std::milli>(*unit).count());
  if (ms < 1 || ms > 7 * 86400e3) return std::nullopt;
  return std::chrono::milliseconds(static_cast<int64_t>(ms));
}

}  // namespace candor::cli
