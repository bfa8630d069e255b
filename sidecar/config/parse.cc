// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "config/config.h"
#include "config/documents.h"
#include "config/reader.h"
#include "config/rules.h"
#include "config/settings.h"

namespace candor {
namespace {

using config::Diagnostics;

// Null when the text is empty or only comments.
YAML::Node Load(std::string_view text, Diagnostics& diagnostics) {
  const std::vector<YAML::Mark> starts = config::FirstDocuments(text);
  if (starts.size() > 1) {
    const bool stuck = starts[0].pos == starts[1].pos;
    diagnostics.Add(starts[1], stuck ? "expected settings, each as 'name: value'"
                                     : "expected one YAML document, found another here");
    if (stuck) return {};
  }
  const YAML::Node document = YAML::Load(std::string(text));
  if (document.IsNull()) return {};
  if (!document.IsMap()) {
    diagnostics.Add(document.Mark(), "expected settings, each as 'name: value'");
    return {};
  }
  return document;
}

void AddBrokenRules(const Config& config, Diagnostics& diagnostics) {
  for (auto& broken : config::BrokenRules(config)) {
    // A default can break a rule too: that error has no line.
    const auto at = diagnostics.marks.find(broken.path);
    ConfigError error{0, 0, broken.path + ": " + broken.message};
    if (at != diagnostics.marks.end()) error.line = at->second.line + 1, error.column = at->second.column + 1;
    diagnostics.errors.push_back(std::move(error));
  }
}

void SortByLine(std::vector<ConfigError>& errors) {
  std::stable_sort(errors.begin(), errors.end(), [](const ConfigError& a, const ConfigError& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
}

}  // namespace

std::string ConfigError::ToString(std::string_view file) const {
  std::string out(file);
  if (line > 0) out += ":" + std::to_string(line) + ":" + std::to_string(column);
  return out + ": " + message;
}

tl::expected<Config, std::vector<ConfigError>> ParseConfig(std::string_view yaml) {
  Config config;
  Diagnostics diagnostics;
  try {  // yaml-cpp throws
    config::Reader reader(Load(yaml, diagnostics), "", diagnostics);
    config::VisitSettings(reader, config);
    reader.Finish();
  } catch (const YAML::Exception& e) {
    diagnostics.Add(e.mark, "not YAML: " + e.msg);
  }
  config.judge.deadline = config.attempt.deadline;
  if (diagnostics.errors.empty()) AddBrokenRules(config, diagnostics);
  if (diagnostics.errors.empty()) return config;
  SortByLine(diagnostics.errors);
  return tl::make_unexpected(std::move(diagnostics.errors));
}

std::vector<ConfigError> CheckConfig(const Config& config) {
  std::vector<ConfigError> errors;
  for (auto& broken : config::BrokenRules(config)) {
    errors.push_back(ConfigError{0, 0, broken.path + ": " + broken.message});
  }
  return errors;
}

}  // namespace candor
