// SPDX-License-Identifier: Apache-2.0
#include "base/duration_text.h"

#include <array>
#include <charconv>
#include <utility>

namespace candor {
namespace {

using namespace std::chrono_literals;
constexpr std::array<std::pair<std::string_view, Duration>, 6> kUnits = {
    {{"h", 1h}, {"m", 1min}, {"s", 1s}, {"ms", 1ms}, {"us", 1us}, {"ns", 1ns}}};

}  // namespace

std::optional<Duration> UnitNamed(std::string_view name) {
  for (const auto& [unit, length] : kUnits) {
    if (unit == name) return length;
  }
  return std::nullopt;
}

std::optional<Duration> ParseDuration(std::string_view text) {
  int64_t count = 0, ns = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || count < 0) return std::nullopt;
  const auto unit = UnitNamed(text.substr(static_cast<size_t>(end - text.data())));
  if (!unit || __builtin_mul_overflow(count, unit->count(), &ns)) return std::nullopt;
  return Duration(ns);
}

std::string DurationText(Duration d) {
  for (const auto& [unit, length] : kUnits) {
    if (d != Duration::zero() && d % length == Duration::zero())
      return std::to_string(d / length) + std::string(unit);
  }
  return "0s";
}

}  // namespace candor
