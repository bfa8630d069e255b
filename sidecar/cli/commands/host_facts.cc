// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/host_facts.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "base/read_file.h"

namespace candor::cli {
namespace {

std::optional<std::string> ReadText(const std::string& path) {
  auto text = ReadFile(path);
  return text ? std::optional(std::move(*text)) : std::nullopt;
}

std::optional<std::string> ReadLink(const std::string& path) {
  std::error_code error;
  auto target = std::filesystem::read_symlink(path, error).string();
  return error ? std::nullopt : std::optional(std::move(target));
}

}  // namespace

HostFacts ReadHostFacts(const std::string& root) {
  HostFacts facts;
  facts.mounts = ReadText(root + "proc/mounts");
  facts.process_status = ReadText(root + "proc/self/status");
  facts.unprivileged_bpf = ReadText(root + "proc/sys/kernel/unprivileged_bpf_disabled");
  facts.cgroup_namespace = ReadLink(root + "proc/self/ns/cgroup");
  facts.btf = access((root + "sys/kernel/btf/vmlinux").c_str(), R_OK) == 0;
  return facts;
}

}  // namespace candor::cli
