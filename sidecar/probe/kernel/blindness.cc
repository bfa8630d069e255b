// SPDX-License-Identifier: Apache-2.0
#include "probe/kernel/blindness.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <linux/bpf.h>

#include <cerrno>
#include <system_error>

#include "base/counted.h"

namespace candor {
namespace {

std::string Reason(int error) { return std::generic_category().message(error); }

Blindness Forbidden(const LoadFailure& f) {
  if (!f.missing.empty()) {
    return {"no_capability",
            fmt::format("the kernel refused to load the probes because the process lacks {}; grant CAP_BPF, "
                        "CAP_NET_ADMIN and CAP_PERFMON (systemd: AmbientCapabilities=, Kubernetes: "
                        "securityContext.capabilities.add)",
                        fmt::join(f.missing, ", "))};
  }
  return {"bpf_forbidden",
          fmt::format("the kernel refused to load the probes although no capability is missing; a seccomp "
                      "profile, a user namespace or a security module forbids bpf(): allow it for this "
                      "container. {}",
                      f.log)};
}

std::string FlagsText(uint32_t flags) {
  if ((flags & BPF_F_ALLOW_MULTI) != 0) return "multi";
  return (flags & BPF_F_ALLOW_OVERRIDE) != 0 ? "override" : "exclusive";
}

std::string Describe(const ForeignProgram& p) {
  const std::string name = p.name.empty() ? "of unknown name" : "'" + p.name + "'";
  return fmt::format("program {} {} (flags {:#x}: {}) holds {} of {}", p.id, name, p.flags,
                     FlagsText(p.flags), p.hook, p.cgroup);
}

Blindness ByForeign(const AttachFailure& f) {
  std::vector<std::string> programs;
  for (const auto& p : f.foreign) programs.push_back(Describe(p));
  return {"foreign_exclusive_program",
          fmt::format("cannot attach to {}: {}; attach that program with BPF_F_ALLOW_MULTI, or point the "
                      "cgroup option at another cgroup",
                      f.cgroup, fmt::join(programs, "; "))};
}

}  // namespace

Blindness BlindByLoad(const LoadFailure& f) {
  // The verifier rejects a program with EACCES, on 6.12 also with EINVAL, and without CAP_PERFMON it rejects
  // more of them. When no capability is missing, its log has the reason.
  const bool rejected = f.error == EACCES || f.error == EINVAL;
  if (f.error == EPERM || (rejected && !f.missing.empty())) return Forbidden(f);
  if (!f.has_btf) {
    return {"no_btf",
            fmt::format("the probes did not load ({}) and this kernel has no /sys/kernel/btf/vmlinux; "
                        "run a kernel built with CONFIG_DEBUG_INFO_BTF=y. {}",
                        Reason(f.error), f.log)};
  }
  return {"load_failed",
          fmt::format("the kernel rejected the probes ({}); they need Linux 6.1 or newer. Please report "
                      "its message: {}",
                      Reason(f.error), f.log)};
}

Blindness BlindByAttach(const AttachFailure& f) {
  if (f.error == ENOENT || f.error == ENOTDIR) {
    return {"cgroup_missing", fmt::format("the cgroup {} does not exist; is the media server running? It is "
                                          "checked every second",
                                          f.cgroup)};
  }
  if (f.error == EPERM && !f.net_admin) {
    return {
        "no_capability",
        fmt::format("the probes are loaded but may not be attached to {}: the process lacks CAP_NET_ADMIN; "
                    "grant it",
                    f.cgroup)};
  }
  if (f.error == EPERM && !f.foreign.empty()) return ByForeign(f);
  return {"attach_failed",
          fmt::format("cannot attach the probes to {}: {}; it must be a directory of the cgroup v2 tree",
                      f.cgroup, Reason(f.error))};
}

Blindness BlindWhileLoading() {
  return {"loading", "the probes are being loaded into the kernel; this takes a second or less"};
}

Blindness BlindWhileCatchingUp() {
  return {"catching_up", "the flows of the previous candord are being read; this takes a second or less"};
}

Blindness BlindByDeadline(Duration waited) {
  return {
      "load_timeout",
      fmt::format("loading the probes has not returned for {:.0f} s; the kernel's BPF loader hangs on this "
                  "machine and only a reboot helps. Media is not affected",
                  Seconds(waited))};
}

Blindness BlindWithoutCgroup2() {
  return {
      "no_cgroup2",
      "no cgroup v2 file system is mounted here; mount it (mount -t cgroup2 none /sys/fs/cgroup/unified) or "
      "give the container the host's /sys/fs/cgroup"};
}

Blindness BlindByRemovedCgroup(const std::string& cgroup) {
  return {"cgroup_removed", fmt::format("the watched cgroup {} was removed; the probes attach again when it "
                                        "exists again",
                                        cgroup)};
}

Blindness BlindByReading(const std::string& why) {
  return {"maps_unreadable",
          fmt::format("{}: the counters of the probes cannot be read any more; allow bpf() for map lookups "
                      "(seccomp) and restart candord",
                      why)};
}

Blindness BlindByOverflow(uint64_t lost) {
  return {"ring_overflow",
          fmt::format("the ring was full and {} lost; the flow map is being read to catch up. If this "
                      "repeats, enlarge the ring",
                      Counted(lost, "flow event was", "flow events were"))};
}

Blindness BlindByForwarding(const std::vector<std::string>& tables) {
  return {"kernel_forwarding",
          fmt::format(
              "rtpengine forwards media inside the kernel (table {}), before any socket: such flows are not "
              "visible. Run rtpengine with --table=-1, which costs it CPU time, to have them judged",
              fmt::join(tables, ", "))};
}

}  // namespace candor
