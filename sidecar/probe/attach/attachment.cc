// SPDX-License-Identifier: Apache-2.0
#include "probe/attach/attachment.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <utility>

namespace candor {
namespace {

UniqueFd OpenCgroup(const std::string& path) {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

constexpr const char* kIngressPin = "/link_ingress";
constexpr const char* kEgressPin = "/link_egress";

// The id of the link's cgroup, which is the cgroup's inode; 0: the cgroup is gone.
uint64_t CgroupOfLink(int fd) {
  bpf_link_info info{};
  uint32_t size = sizeof info;
  return bpf_obj_get_info_by_fd(fd, &info, &size) == 0 ? info.cgroup.cgroup_id : 0;
}

std::string ProgramName(uint32_t id) {
  const UniqueFd fd(bpf_prog_get_fd_by_id(id));
  bpf_prog_info info{};
  uint32_t size = sizeof info;
  if (!fd || bpf_obj_get_info_by_fd(fd.get(), &info, &size) != 0) return "";
  return info.name;
}

void QueryHook(int cgroup_fd, const std::string& cgroup, bool parent, bpf_attach_type type,
               std::vector<ForeignProgram>* out) {
  std::array<uint32_t, 64> ids{};  // the kernel's limit of programs per hook
  uint32_t count = ids.size(), flags = 0;
  if (bpf_prog_query(cgroup_fd, type, 0, &flags, ids.data(), &count) != 0) return;
  const bool shared = (flags & BPF_F_ALLOW_MULTI) != 0;
  const bool yields = parent && (flags & BPF_F_ALLOW_OVERRIDE) != 0;
  if (shared || yields) return;
  for (uint32_t i = 0; i < count && i < ids.size(); ++i) {
    const char* hook = type == BPF_CGROUP_INET_INGRESS ? "ingress" : "egress";
    out->push_back({cgroup, hook, ids.at(i), ProgramName(ids.at(i)), flags});
  }
}

}  // namespace

Result<Attachment> Attachment::Make(int ingress_prog, int egress_prog, const std::string& cgroup) {
  const UniqueFd dir = OpenCgroup(cgroup);
  if (!dir) return FailErrno("cannot open " + cgroup, errno);
  Attachment out;
  out.cgroup_ = cgroup;
  // Egress first: a request without its answer would show the flow as waiting on the node.
  out.egress_.Reset(bpf_link_create(egress_prog, dir.get(), BPF_CGROUP_INET_EGRESS, nullptr));
  if (!out.egress_) return FailErrno("cannot attach to egress of " + cgroup, errno);
  out.ingress_.Reset(bpf_link_create(ingress_prog, dir.get(), BPF_CGROUP_INET_INGRESS, nullptr));
  if (!out.ingress_) return FailErrno("cannot attach to ingress of " + cgroup, errno);
  return out;
}

Result<Attachment> Attachment::Pinned(const std::string& folder, const std::string& cgroup) {
  Attachment out;
  out.cgroup_ = cgroup;
  out.ingress_.Reset(bpf_obj_get((folder + kIngressPin).c_str()));
  out.egress_.Reset(bpf_obj_get((folder + kEgressPin).c_str()));
  if (!out.ingress_ || !out.egress_) return FailErrno("cannot open the links in " + folder, errno);
  return out;
}

Result<void> Attachment::Pin(const std::string& folder) const {
  const std::pair<int, const char*> both[] = {{ingress_.get(), kIngressPin}, {egress_.get(), kEgressPin}};
  for (const auto& [fd, name] : both) {
    const std::string path = folder + name;
    ::unlink(path.c_str());
    if (bpf_obj_pin(fd, path.c_str()) != 0) return FailErrno("cannot pin " + path, errno);
  }
  return {};
}

Result<void> Attachment::Update(int ingress_prog, int egress_prog) const {
  if (bpf_link_update(egress_.get(), egress_prog, nullptr) != 0 ||
      bpf_link_update(ingress_.get(), ingress_prog, nullptr) != 0) {
    return FailErrno("cannot replace the programs of " + cgroup_, errno);
  }
  return {};
}

bool Attachment::IsAttached() const {
  struct stat status {};
  if (::stat(cgroup_.c_str(), &status) != 0) return false;
  return CgroupOfLink(ingress_.get()) == status.st_ino && CgroupOfLink(egress_.get()) == status.st_ino;
}

bool PinnedLinksDetached(const std::string& folder) {
  const UniqueFd ingress(bpf_obj_get((folder + kIngressPin).c_str()));
  const UniqueFd egress(bpf_obj_get((folder + kEgressPin).c_str()));
  if (!ingress || !egress) return false;
  return CgroupOfLink(ingress.get()) == 0 && CgroupOfLink(egress.get()) == 0;
}

std::vector<ForeignProgram> ExclusivePrograms(const std::string& mount, const std::string& cgroup) {
  std::vector<ForeignProgram> out;
  std::string path = cgroup;
  while (path.size() >= mount.size()) {
    const UniqueFd dir = OpenCgroup(path);
    for (const auto type : {BPF_CGROUP_INET_INGRESS, BPF_CGROUP_INET_EGRESS}) {
      if (dir) QueryHook(dir.get(), path, path != cgroup, type, &out);
    }
    const auto slash = path.rfind('/');
    if (slash == std::string::npos || slash == 0) break;
    path.resize(slash);
  }
  return out;
}

}  // namespace candor
