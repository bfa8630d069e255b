// SPDX-License-Identifier: Apache-2.0
//
// Prometheus' text format, version 0.0.4:
//   https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
//   name{label="value",...} number [milliseconds]
// Strict: a line that is none of that makes the whole text an error, which names the line. Pure.
// Tested in tests/selfreport/metrics_text_test.cc and fuzzed in tests/fuzz/metrics_fuzz.cc.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace candor {

struct MetricSample {
  std::string_view name;                                         // points into the text
  std::vector<std::pair<std::string_view, std::string>> labels;  // in order; values without escapes
  double value = 0;                                              // may be NaN or infinite

  // nullptr: there is no such label.
  const std::string* Label(std::string_view wanted) const;
};

// Calls `visit` for each sample, in order, until the first error.
Result<void> ReadMetrics(std::string_view text, const std::function<void(const MetricSample&)>& visit);

}  // namespace candor
