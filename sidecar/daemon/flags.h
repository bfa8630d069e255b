// SPDX-License-Identifier: Apache-2.0
//
// candord's command line. A flag names a setting and its value; config/ checks them.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace candor::daemon {

inline constexpr const char* kDefaultConfigFile = "/etc/candor/candor.yaml";

struct Flags {
  std::string config_file = kDefaultConfigFile;
  bool config_named = false;  // --config was given: the file must exist
  bool check_config = false;
  bool print_config = false;
  bool take_over = false;  // another candord serves these addresses and is about to be stopped
  // Dotted path of a setting and its values, in the order in which they are applied.
  std::vector<std::pair<std::string, std::vector<std::string>>> settings;
};

// Either flags, or an exit code and the text for stdout (code 0) or stderr.
struct ParsedFlags {
  std::optional<Flags> flags;
  int exit_code = 0;
  std::string text;
};
ParsedFlags ParseFlags(int argc, const char* const* argv);

}  // namespace candor::daemon
