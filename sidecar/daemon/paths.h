// SPDX-License-Identifier: Apache-2.0
//
// The paths that a setting "auto" stands for. Reads the file system, not the environment.
#pragma once

#include <string>

#include "base/run_folder.h"

namespace candor::daemon {

// What systemd sets, empty without it: RuntimeDirectory= and StateDirectory= of the unit.
struct ServiceFolders {
  std::string runtime;
  std::string state;
  std::string notify;  // NOTIFY_SOCKET
};

// A path, or empty with the reason why there is none in `why_not`.
struct FoundPath {
  std::string path;
  std::string why_not;
};

// `setting`: a path, "off" or "auto". Auto: `file` in the folder `given` unless that is empty, else in
// `fallback`, which is made when its parent allows it.
FoundPath FindPath(const std::string& setting, const std::string& given, const std::string& fallback,
                   const std::string& file);

inline FoundPath AdminSocketPath(const std::string& setting, const ServiceFolders& folders) {
  return FindPath(setting, folders.runtime, kRunFolder, kAdminSocketFile);
}
inline FoundPath StateFilePath(const std::string& setting, const ServiceFolders& folders) {
  return FindPath(setting, folders.state, "/var/lib/candor", "state");
}

}  // namespace candor::daemon
