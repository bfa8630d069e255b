// SPDX-License-Identifier: Apache-2.0
#include "daemon/prepare.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "daemon/credentials.h"

namespace candor::daemon {

Result<void> PrepareFolders(const Config& config, const ServiceFolders& folders) {
  const std::string& user = config.process.user;
  if (user.empty() || ::geteuid() != 0) return {};
  std::vector<std::string> ours;
  // Folders that a path names are somebody's choice, and stay theirs.
  if (config.state_file == "auto") ours.push_back(StateFilePlace(config.state_file, folders).path);
  if (config.admin_socket == "auto") ours.push_back(AdminSocketPlace(config.admin_socket, folders).path);
  for (std::string& file : ours) file = std::filesystem::path(file).parent_path();
  if (const std::string pins = ProbeOptionsOf(config).pin; !pins.empty()) {
    ::mkdir(pins.c_str(), 0700);  // without a BPF file system there is none, and the probe room says so
    ours.push_back(pins);
  }
  for (const std::string& folder : ours) {
    if (folder.empty()) continue;
    if (auto ok = GiveFolder(folder, user); !ok) return ok;
  }
  return {};
}

}  // namespace candor::daemon
