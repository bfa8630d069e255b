// SPDX-License-Identifier: Apache-2.0
#include "probe/attach/cgroup_mount.h"

#include <cstddef>
#include <optional>
#include <vector>

#include "base/read_file.h"

namespace candor {
namespace {

std::vector<std::string_view> Words(std::string_view line) {
  std::vector<std::string_view> out;
  while (!line.empty()) {
    const auto space = line.find(' ');
    if (space != 0) out.push_back(line.substr(0, space));
    if (space == std::string_view::npos) break;
    line.remove_prefix(space + 1);
  }
  return out;
}

bool IsOctal(char c) { return c >= '0' && c <= '7'; }

// proc(5): space, tab, newline and backslash are written as a backslash and three octal digits.
std::string Unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && IsOctal(text[i + 1]) && IsOctal(text[i + 2]) &&
        IsOctal(text[i + 3])) {
      out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

struct Mount {
  std::string_view root, point;
};

// "36 35 98:0 /root /point options optional-fields... - fstype source super-options"
std::optional<Mount> Cgroup2OfLine(std::string_view line) {
  const auto words = Words(line);
  for (size_t i = 6; i + 1 < words.size(); ++i) {
    if (words[i] != "-") continue;
    if (words[i + 1] != "cgroup2") return std::nullopt;
    return Mount{words[3], words[4]};
  }
  return std::nullopt;
}

// How much of the tree a mount has: 0 for a part. A root above that of the reader's cgroup namespace is
// written
// "/..", one "/.." for each level.
int Extent(std::string_view root) {
  int levels = 1;
  for (; root.starts_with("/.."); ++levels) root.remove_prefix(3);
  return root.empty() || root == "/" ? levels : 0;
}

}  // namespace

Result<std::string> FindCgroup2Mount(std::string_view mountinfo) {
  std::optional<Mount> found;
  while (!mountinfo.empty()) {
    const auto end = mountinfo.find('\n');
    const auto mount = Cgroup2OfLine(mountinfo.substr(0, end));
    if (mount && (!found || Extent(mount->root) > Extent(found->root))) found = mount;
    if (end == std::string_view::npos) break;
    mountinfo.remove_prefix(end + 1);
  }
  if (!found) return Fail("no cgroup2 file system is mounted");
  return Unescape(found->point);
}

std::string ResolveCgroup(const std::string& mount, std::string_view configured) {
  std::string path;
  if (configured.empty() || configured == "auto") {
    path = mount;
  } else if (configured.front() == '/') {
    path = configured;
  } else {
    path = mount + "/" + std::string(configured);
  }
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

Result<std::string> ReadCgroupMount(const std::string& proc) {
  const auto text = ReadFile(proc + "/self/mountinfo");
  if (!text) return tl::make_unexpected(text.error());
  return FindCgroup2Mount(*text);
}

}  // namespace candor
