// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/flags.h"

#include "cli/render/text.h"

namespace candor::cli {

CLI::Validator DurationFrom(std::chrono::milliseconds least, const std::string& expected) {
  return CLI::Validator(
      [least, expected](const std::string& text) -> std::string {
        const auto duration = ParseDuration(text);
        if (duration && *duration >= least) return "";
        return "expected " + expected + ", got '" + Printable(text) + "'";
      },
      "");
}

std::shared_ptr<uint32_t> AddLimit(CLI::App& app) {
  const auto limit = std::make_shared<uint32_t>(50);
  app.add_option("--limit", *limit, "at most this many, 1 to 1000")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  return limit;
}

void WarnIfMore(bool more, Session& session) {
  if (more) session.err << "there are more; raise --limit (at most 1000)\n";
}

}  // namespace candor::cli
