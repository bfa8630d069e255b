// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as the configuration file: a Config that reads back as printed, or errors in order of their
// place.
#include <algorithm>

#include "check.h"
#include "config/config.h"
#include "targets.h"

namespace candor::fuzz {
namespace {

void CheckErrors(const std::vector<ConfigError>& errors, std::string_view text) {
  Check(!errors.empty(), "a file that is refused has an error");
  // Any of these ends a line for YAML 1.2 (section 5.4) or for the reader.
  const auto lines =
      2 + std::count_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; });
  const ConfigError* before = nullptr;
  for (const ConfigError& e : errors) {
    Check(!e.message.empty(), "an error says what was expected");
    Check(e.line >= 0 && e.column >= 0 && (e.line == 0) == (e.column == 0), "a place has line and column");
    Check(e.line <= lines, "an error's line is in the file");
    const bool ordered =
        before == nullptr || before->line < e.line || (before->line == e.line && before->column <= e.column);
    Check(ordered, "errors stand in order");
    before = &e;
  }
}

void CheckConfigured(const candor::Config& config) {
  Check(CheckConfig(config).empty(), "what was read breaks no rule");
  Check(config.judge.deadline == config.attempt.deadline, "there is one deadline");
  const std::string printed = PrintConfig(config);
  const auto again = ParseConfig(printed);
  if (!again) return Check(again.error().front().ToString("what was printed"));
  Check(PrintConfig(*again) == printed, "what was printed reads back as itself");
}

}  // namespace

void Config(Input input) {
  const std::string text(input.begin(), input.end());
  const auto config = ParseConfig(text);
  if (config) {
    CheckConfigured(*config);
  } else {
    CheckErrors(config.error(), text);
  }
}

}  // namespace candor::fuzz
