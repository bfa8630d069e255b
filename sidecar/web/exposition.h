// SPDX-License-Identifier: Apache-2.0
//
// Metrics in Prometheus' text format (0.0.4): a family, then its samples, in the order of the calls. One
// thread. Tested in tests/web/metrics_test.cc.
#pragma once

#include <prometheus/metric_family.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace candor::web {

using Label = prometheus::ClientMetric::Label;
using Labels = std::vector<Label>;

class Exposition {
 public:
  static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

  // Each begins a family. `name` follows Prometheus' conventions, `help` is one sentence.
  Exposition& Gauge(std::string name, std::string help);
  Exposition& Counter(std::string name, std::string help);
  // Adds a sample to the family begun last.
  Exposition& Value(double value, Labels labels = {});
  Exposition& Value(uint64_t value, Labels labels = {}) {
    return Value(static_cast<double>(value), std::move(labels));
  }
  // A state set: one sample for each of `all`, 1 for `now` and 0 for the others.
  Exposition& OneOf(const char* label, std::span<const std::string_view> all, std::string_view now);
  // A family with one sample. `in_bucket` has one entry more than `bounds` (seconds, ascending), `sum` is in
  // seconds.
  Exposition& Histogram(std::string name, std::string help, std::span<const double> bounds,
                        std::span<const uint64_t> in_bucket, double sum);

  std::string Text() const;

 private:
  Exposition& Begin(std::string name, std::string help, prometheus::MetricType type);
  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace candor::web
