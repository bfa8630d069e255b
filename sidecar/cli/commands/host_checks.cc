// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/host_checks.h"

#include <fmt/format.h>
#include <linux/capability.h>

#include <algorithm>
#include <charconv>

namespace candor::cli {
namespace {

// PROC_CGROUP_INIT_INO (include/linux/proc_ns.h): the same inode on every machine.
constexpr std::string_view kFirstCgroupNamespace = "cgroup:[4026531835]";

// Removes the text up to `delimiter` from `text`, with the delimiter, and returns it.
std::string_view Take(std::string_view& text, char delimiter) {
  const size_t end = std::min(text.find(delimiter), text.size());
  const std::string_view head = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return head;
}

// /proc/mounts writes blanks and backslashes of a path as three octal digits (fs/proc_namespace.c).
std::string Unescaped(std::string_view path) {
  std::string out;
  for (size_t i = 0; i < path.size(); ++i) {
    unsigned value = 0;
    const char* digits = path.data() + i + 1;
    if (path[i] == '\\' && i + 3 < path.size() &&
        std::from_chars(digits, digits + 3, value, 8).ptr == digits + 3) {
      out += static_cast<char>(value);
      i += 3;
    } else {
      out += path[i];
    }
  }
  return out;
}

bool Has(uint64_t capabilities, int bit) { return (capabilities >> bit & 1) != 0; }

}  // namespace

std::vector<std::string> MountsOf(std::string_view mounts, std::string_view type) {
  std::vector<std::string> points;
  while (!mounts.empty()) {
    std::string_view line = Take(mounts, '\n');
    Take(line, ' ');
    const std::string_view point = Take(line, ' ');
    if (Take(line, ' ') == type) points.push_back(Unescaped(point));
  }
  return points;
}

std::optional<uint64_t> EffectiveCapabilities(std::string_view process_status) {
  constexpr std::string_view kKey = "CapEff:";
  while (!process_status.empty()) {
    std::string_view line = Take(process_status, '\n');
    if (line.substr(0, kKey.size()) != kKey) continue;
    line.remove_prefix(std::min(line.find_first_not_of(" \t", kKey.size()), line.size()));
    uint64_t bits = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), bits, 16);
    if (error != std::errc() || end != line.data() + line.size()) return std::nullopt;
    return bits;
  }
  return std::nullopt;
}

Finding CheckBtf(bool present) {
  if (present) return {"btf", Grade::kOk, "the kernel has BTF (/sys/kernel/btf/vmlinux)", ""};
  return {"btf", Grade::kWarn, "the kernel has no readable BTF: the probes may not load",
          "boot a kernel with CONFIG_DEBUG_INFO_BTF=y, or mount /sys into the container"};
}

Finding CheckCgroup(const std::optional<std::string>& mounts, const std::optional<std::string>& name_space) {
  if (!mounts) return {"cgroup", Grade::kWarn, "/proc/mounts is not readable", "mount /proc"};
  const auto v2 = MountsOf(*mounts, "cgroup2");
  const bool v1 = !MountsOf(*mounts, "cgroup").empty();
  if (!v2.empty() && name_space && *name_space != kFirstCgroupNamespace) {
    return {
        "cgroup", Grade::kWarn,
        fmt::format(
            "cgroup v2 at {}, in a cgroup namespace of its own: a candord in this container may see only its "
            "own cgroup, not the media server's",
            v2.front()),
        "docker run --cgroupns=host -v /sys/fs/cgroup:/sys/fs/cgroup:ro; Kubernetes: a hostPath volume of "
        "/sys/fs/cgroup"};
  }
  if (!v2.empty()) {
    return {"cgroup", Grade::kOk,
            fmt::format("cgroup v2 at {} ({})", v2.front(), v1 ? "hybrid, beside v1" : "pure"), ""};
  }
  return {"cgroup", Grade::kFail,
          v1 ? "only cgroup v1 is mounted: the BPF probes have nothing to attach to"
             : "no cgroup file system is mounted: the BPF probes have nothing to attach to",
          "mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 none /sys/fs/cgroup/unified, or boot with "
          "systemd.unified_cgroup_hierarchy=1"};
}

Finding CheckBpffs(const std::optional<std::string>& mounts) {
  if (!mounts) return {"bpffs", Grade::kWarn, "/proc/mounts is not readable", "mount /proc"};
  const auto points = MountsOf(*mounts, "bpf");
  if (!points.empty()) return {"bpffs", Grade::kOk, "bpffs at " + points.front(), ""};
  return {"bpffs", Grade::kWarn,
          "no bpffs is mounted: nothing can be pinned, a restart of candord loses its state in the kernel",
          "mount -t bpf bpf /sys/fs/bpf"};
}

Finding CheckCapabilities(const std::optional<std::string>& process_status, bool candord_answers) {
  if (candord_answers) {
    return {"capabilities", Grade::kOk, "candord is running; the caller's are not needed", ""};
  }
  const auto caps = process_status ? EffectiveCapabilities(*process_status) : std::nullopt;
  if (!caps) {
    return {"capabilities", Grade::kWarn, "/proc/self/status does not have the caller's capabilities",
            "mount /proc"};
  }
  // CAP_SYS_ADMIN contains CAP_BPF and CAP_PERFMON (capabilities(7)), not CAP_NET_ADMIN.
  const bool admin = Has(*caps, CAP_SYS_ADMIN);
  const bool attach = (admin || Has(*caps, CAP_BPF)) && Has(*caps, CAP_NET_ADMIN);
  if (attach && (admin || Has(*caps, CAP_PERFMON))) {
    return {"capabilities", Grade::kOk, "a candord started by this caller may load every probe", ""};
  }
  if (attach) {
    return {"capabilities", Grade::kWarn,
            "without CAP_PERFMON the kernel refuses the probes of a candord started by this caller",
            "add CAP_PERFMON"};
  }
  const bool raw = Has(*caps, CAP_NET_RAW);
  return {
      "capabilities", Grade::kWarn,
      raw ? "a candord started by this caller may capture packets (CAP_NET_RAW) but not load BPF"
          : "a candord started by this caller may neither load BPF nor capture packets: it would be BLIND",
      "start candord with CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON"};
}

Finding CheckUnprivilegedBpf(const std::optional<std::string>& sysctl) {
  constexpr const char* kName = "kernel.unprivileged_bpf_disabled";
  if (!sysctl || sysctl->empty()) {
    return {"unprivileged_bpf", Grade::kWarn, fmt::format("{} is missing: the kernel may lack BPF", kName),
            "boot a kernel with CONFIG_BPF_SYSCALL=y, or mount /proc/sys into the container"};
  }
  std::string_view rest = *sysctl;
  const std::string_view value = Take(rest, '\n');
  if (value == "0") {
    return {"unprivileged_bpf", Grade::kWarn,
            fmt::format("{} = 0: any user may load BPF; Candor does not need that", kName),
            fmt::format("sysctl {}=2", kName)};
  }
  return {"unprivileged_bpf", Grade::kOk,
          fmt::format("{} = {}: loading BPF needs capabilities", kName, value), ""};
}

std::vector<Finding> CheckHost(const HostFacts& facts, bool candord_answers) {
  return {CheckBtf(facts.btf), CheckCgroup(facts.mounts, facts.cgroup_namespace), CheckBpffs(facts.mounts),
          CheckCapabilities(facts.process_status, candord_answers),
          CheckUnprivilegedBpf(facts.unprivileged_bpf)};
}

}  // namespace candor::cli
