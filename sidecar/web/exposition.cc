// SPDX-License-Identifier: Apache-2.0
#include "web/exposition.h"

#include <prometheus/text_serializer.h>

#include <limits>
#include <utility>

namespace candor::web {

using prometheus::ClientMetric;
using prometheus::MetricType;

Exposition& Exposition::Begin(std::string name, std::string help, MetricType type) {
  families_.push_back({std::move(name), std::move(help), type, {}});
  return *this;
}

Exposition& Exposition::Gauge(std::string name, std::string help) {
  return Begin(std::move(name), std::move(help), MetricType::Gauge);
}

Exposition& Exposition::Counter(std::string name, std::string help) {
  return Begin(std::move(name), std::move(help), MetricType::Counter);
}

Exposition& Exposition::Value(double value, Labels labels) {
  ClientMetric sample;
  sample.label = std::move(labels);
  sample.gauge.value = sample.counter.value = value;  // the family's type decides which is written
  families_.back().metric.push_back(std::move(sample));
  return *this;
}

Exposition& Exposition::OneOf(const char* label, std::span<const std::string_view> all,
                              std::string_view now) {
  for (const std::string_view name : all) Value(name == now ? 1.0 : 0.0, {{label, std::string(name)}});
  return *this;
}

Exposition& Exposition::Histogram(std::string name, std::string help, std::span<const double> bounds,
                                  std::span<const uint64_t> in_bucket, double sum) {
  Begin(std::move(name), std::move(help), MetricType::Histogram);
  ClientMetric sample;
  uint64_t count = 0;
  for (size_t i = 0; i < in_bucket.size(); ++i) {
    count += in_bucket[i];
    const double bound = i < bounds.size() ? bounds[i] : std::numeric_limits<double>::infinity();
    sample.histogram.bucket.push_back({count, bound});
  }
  sample.histogram.sample_count = count;
  sample.histogram.sample_sum = sum;
  families_.back().metric.push_back(std::move(sample));
  return *this;
}

std::string Exposition::Text() const { return prometheus::TextSerializer().Serialize(families_); }

}  // namespace candor::web
