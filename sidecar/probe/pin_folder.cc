// SPDX-License-Identifier: Apache-2.0
#include "probe/pin_folder.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

namespace candor {
namespace {

constexpr mode_t kMode = 0700;

Result<void> Make(const std::string& folder) {
  if (::mkdir(folder.c_str(), kMode) != 0 && errno != EEXIST) {
    return FailErrno("cannot make " + folder, errno);
  }
  return {};
}

}  // namespace

Result<std::string> MakePinFolders(const std::string& root, const std::string& instance) {
  if (auto ok = Make(root); !ok) return tl::make_unexpected(ok.error());
  struct statfs fs {};
  if (::statfs(root.c_str(), &fs) != 0) return FailErrno("cannot look at " + root, errno);
  if (fs.f_type != BPF_FS_MAGIC) {
    ::rmdir(root.c_str());  // only if it is empty, as the one just made is
    return Fail(root + " is not on a BPF file system; mount one (mount -t bpf bpf /sys/fs/bpf)");
  }
  std::string folder = root + "/" + instance;
  if (auto ok = Make(folder); !ok) return tl::make_unexpected(ok.error());
  return folder;
}

Result<UniqueFd> LockPins(const std::string& folder, PinLock kind) {
  UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return FailErrno("cannot open " + folder, errno);
  const int how = kind == PinLock::kOwner ? LOCK_EX : LOCK_SH;
  if (::flock(fd.get(), how | LOCK_NB) != 0) return FailErrno("cannot lock " + folder, errno);
  return fd;
}

std::vector<std::string> FoldersIn(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->is_directory(error)) names.push_back(it->path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool RemovePins(const std::string& folder) {
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  return !error;
}

}  // namespace candor
