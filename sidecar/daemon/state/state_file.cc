// SPDX-License-Identifier: Apache-2.0
#include "daemon/state/state_file.h"

#include <chrono>
#include <cstdio>
#include <utility>

#include "base/read_file.h"
#include "daemon/log.h"
#include "daemon/state/durable_file.h"

namespace candor::daemon {
namespace {

WallTime WallNow() { return WallTime(std::chrono::system_clock::now()); }

StateFile NotKept(std::string why_not) {
  LogWarning("nothing is kept across a restart: " + why_not);
  StateFile out;
  out.why_not = std::move(why_not);
  return out;
}

}  // namespace

const std::string& BootId() {
  static const std::string id = [] {
    const auto text = ReadFile("/proc/sys/kernel/random/boot_id");
    return text ? text->substr(0, text->find('\n')) : std::string();
  }();
  return id;
}

PreviousState ReadPreviousState(const std::string& path) {
  auto bytes = ReadFileIfThere(path);
  if (!bytes) return {std::nullopt, bytes.error().message};
  if (!*bytes) return {};
  auto state = DecodeState(**bytes);
  if (state) return {OnThisBoot(std::move(*state), BootId(), BootNow(), WallNow()), ""};
  // Kept for diagnosis: the next write would replace it.
  const std::string aside = path + ".damaged";
  const bool moved = std::rename(path.c_str(), aside.c_str()) == 0;
  return {std::nullopt, "THE STATE FILE " + path + " IS IGNORED: " + state.error().message +
                            (moved ? "; it was moved to " + aside : "") +
                            ". The baseline is learned again, drains and overrides are lost"};
}

StateFile OpenStateFile(const std::string& setting, const ServiceFolders& folders, bool take_over) {
  const FoundPath found = StateFilePath(setting, folders);
  StateFile file;
  if (setting == "off") {
    file.why_not = "the setting state_file is off";
    return file;
  }
  if (found.path.empty()) return NotKept(found.why_not);
  auto lock = LockFile(found.path);
  if (!lock && IsLockedByAnother(lock.error()) && !take_over) return NotKept(lock.error().message);
  // A disk that cannot be written now may be later: the writer reports it and tries again.
  if (lock) file.lock = std::move(*lock);
  file.path = found.path;
  PreviousState previous = ReadPreviousState(found.path);
  if (!previous.error.empty()) LogError(previous.error);
  file.previous = std::move(previous.state);
  return file;
}

}  // namespace candor::daemon
