// SPDX-License-Identifier: Apache-2.0
#include "probe/pins/pin_folder.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <utility>

namespace candor {
namespace {

constexpr mode_t kMode = 0700;

bool OnBpfFileSystem(int fd) {
  struct statfs fs {};
  return ::fstatfs(fd, &fs) == 0 && fs.f_type == BPF_FS_MAGIC;
}

std::string NotOnBpf(const std::string& folder) {
  return folder + " is not on a BPF file system; mount one (mount -t bpf bpf /sys/fs/bpf)";
}

Error WithRemedy(Error error) {
  if (error.code == EACCES) {
    error.message +=
        "; start candord as root (`user` is the user that it becomes), or give it a BPF file system where it "
        "may "
        "write, as candord.service does";
  }
  return error;
}

// Other file systems refuse a new folder with errors of their own (sysfs: EPERM).
Error WhyNotMade(const std::string& folder, int code) {
  std::filesystem::path above(folder);
  if (!above.has_filename()) above = above.parent_path();  // of a slash at the end
  above = above.parent_path();
  const UniqueFd fd(::open(above.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (fd && !OnBpfFileSystem(fd.get())) return {NotOnBpf(folder), code};
  return WithRemedy(FailErrno("cannot make " + folder, code).value());
}

}  // namespace

Result<PinRoot> PinRoot::Open(const std::string& folder) {
  const bool made = ::mkdir(folder.c_str(), kMode) == 0;
  if (!made && errno != EEXIST) return tl::make_unexpected(WhyNotMade(folder, errno));
  UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return tl::make_unexpected(WithRemedy(FailErrno("cannot open " + folder, errno).value()));
  if (!OnBpfFileSystem(fd.get())) {
    if (made) ::rmdir(folder.c_str());
    return Fail(NotOnBpf(folder));
  }
  return PinRoot(folder, std::move(fd));
}

std::string PinRoot::path() const { return "/proc/self/fd/" + std::to_string(fd_.get()); }

std::string PinRoot::Named(std::string text) const {
  const std::string own = path();
  std::string_view name = name_;
  while (name.size() > 1 && name.ends_with('/')) name.remove_suffix(1);
  for (size_t at = text.find(own); at != std::string::npos; at = text.find(own, at)) {
    const size_t end = at + own.size();
    if (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) {
      at = end;  // another descriptor
    } else {
      text.replace(at, own.size(), name);
      at += name.size();
    }
  }
  return text;
}

Result<std::string> MakeInstanceFolder(const std::string& root, const std::string& instance) {
  std::string folder = root + "/" + instance;
  if (::mkdir(folder.c_str(), kMode) != 0 && errno != EEXIST)
    return FailErrno("cannot make " + folder, errno);
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
