// SPDX-License-Identifier: Apache-2.0
#include "bench_options.h"

#include <cstdlib>

namespace candor::bench {
namespace {

const std::set<std::string> kParts = {"arrivals", "cells", "quiet", "scenarios", "speed"};

std::optional<double> Positive(const char* text) {
  char* end = nullptr;
  const double x = std::strtod(text, &end);
  if (end == text || *end != '\0' || !(x > 0)) return std::nullopt;
  return x;
}

}  // namespace

std::optional<BenchOptions> ParseBenchOptions(int argc, char** argv) {
  BenchOptions o;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool has_value = i + 1 < argc;
    if (word == "--quick") {
      o.quick = true;
    } else if (word == "--json") {
      o.json = true;
    } else if (word == "--months") {
      o.months = true;
    } else if ((word == "--days" || word == "--rate") && has_value) {
      const auto x = Positive(argv[++i]);
      if (!x) return std::nullopt;
      if (word == "--days") o.days = *x;
      if (word == "--rate") o.rates.insert(*x);
    } else if (word == "--only" && has_value) {
      o.only = argv[++i];
    } else if (kParts.count(word) > 0) {
      o.parts.insert(word);
    } else {
      return std::nullopt;
    }
  }
  return o;
}

}  // namespace candor::bench
