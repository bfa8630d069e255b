// SPDX-License-Identifier: Apache-2.0
#include "daemon/paths.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "daemon/state/durable_file.h"

namespace candor::daemon {

FoundPath FindPath(const std::string& setting, const std::string& given, const std::string& fallback,
                   const std::string& file) {
  if (setting == "off") return {"", "it is switched off"};
  if (setting != "auto") return {setting, ""};
  // systemd separates several folders with colons; the first one is candord's.
  const std::string folder = given.empty() ? fallback : given.substr(0, given.find(':'));
  constexpr mode_t kMode = 0750;
  if (::mkdir(folder.c_str(), kMode) == 0) {
    // The folder itself must outlive a loss of power too. The first write reports the same error again.
    static_cast<void>(SyncFolder(folder.substr(0, folder.rfind('/') + 1)));
  } else if (errno != EEXIST) {
    return {"", "cannot make " + folder + ": " + std::generic_category().message(errno)};
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    return {"", "cannot write in " + folder + ": " + std::generic_category().message(errno)};
  }
  return {folder + "/" + file, ""};
}

}  // namespace candor::daemon
