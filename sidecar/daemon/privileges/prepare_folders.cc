// SPDX-License-Identifier: Apache-2.0
#include "daemon/privileges/prepare_folders.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "daemon/privileges/user.h"

namespace candor::daemon {

Result<OpenedPinRoot> PrepareFolders(const Config& config, const ServiceFolders& folders) {
  const std::string& user = config.process.user;
  if (user.empty() || ::geteuid() != 0) return OpenedPinRoot{};
  std::vector<std::string> files;
  // A folder that the configuration names keeps its owner.
  if (config.state_file == "auto") files.push_back(StateFilePath(config.state_file, folders).path);
  if (config.admin_socket == "auto") files.push_back(AdminSocketPath(config.admin_socket, folders).path);
  for (std::string& file : files) file = std::filesystem::path(file).parent_path();
  for (const std::string& folder : files) {
    if (folder.empty()) continue;
    if (auto ok = ChownFolder(folder, user); !ok) return tl::make_unexpected(ok.error());
  }
  const std::string pins = ProbeOptionsOf(config).pin;
  if (pins.empty() || config.source.choice.kind == SourceChoice::Kind::kPcap) return OpenedPinRoot{};
  // Without this folder candord goes on without pins; probe/ reports the error.
  auto root = std::make_shared<const Result<PinRoot>>(PinRoot::Open(pins));
  if (*root) {
    if (auto ok = ChownTree((*root)->path(), user); !ok) {
      return tl::make_unexpected(Error{(*root)->Named(ok.error().message), ok.error().code});
    }
  }
  return root;
}

}  // namespace candor::daemon
