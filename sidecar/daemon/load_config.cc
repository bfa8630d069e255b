// SPDX-License-Identifier: Apache-2.0
#include "daemon/load_config.h"

#include <cerrno>
#include <utility>

#include "base/read_file.h"

namespace candor::daemon {
namespace {

using Lines = std::vector<std::string>;

tl::expected<LoadedConfig, Lines> FromFile(const Flags& flags) {
  LoadedConfig loaded;
  auto text = ReadFileIfThere(flags.config_file);
  if (!text) return tl::make_unexpected(Lines{text.error().message});
  if (!*text) {
    if (!flags.config_named) return loaded;
    return tl::make_unexpected(Lines{FailErrno("cannot read " + flags.config_file, ENOENT).value().message});
  }
  auto parsed = ParseConfig(**text);
  if (!parsed) {
    Lines errors;
    for (const ConfigError& e : parsed.error()) errors.push_back(e.ToString(flags.config_file));
    return tl::make_unexpected(std::move(errors));
  }
  loaded.config = std::move(*parsed);
  loaded.file = flags.config_file;
  return loaded;
}

}  // namespace

tl::expected<LoadedConfig, Lines> LoadConfig(const Flags& flags) {
  auto loaded = FromFile(flags);
  Lines errors = loaded ? Lines{} : loaded.error();
  Config config = loaded ? loaded->config : Config{};
  for (const auto& [path, values] : flags.settings) {
    if (auto done = SetSetting(config, path, values); !done) {
      errors.push_back("command line: " + done.error().message);
    }
  }
  if (errors.empty()) {
    for (const ConfigError& e : CheckConfig(config)) errors.push_back(e.ToString("settings in force"));
  }
  if (!errors.empty()) return tl::make_unexpected(std::move(errors));
  loaded->config = std::move(config);
  return loaded;
}

}  // namespace candor::daemon
