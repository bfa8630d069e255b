// SPDX-License-Identifier: Apache-2.0
#include "pipeline/server_finder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "pipeline/server_name.h"

namespace candor {
namespace {

// A cgroup that the source does not know is asked for again after this: it may have been made meanwhile.
constexpr Duration kAskAgain = std::chrono::seconds(10);
constexpr size_t kMostPrograms = 6;  // named in a note

// Matches `text` against a pattern with '*' (any characters) and '?' (one).
bool Matches(std::string_view pattern, std::string_view text) {
  size_t p = 0, t = 0, star = std::string_view::npos, retry = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p, ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

// The cgroup itself, and those below it.
bool IsAtOrBelow(std::string_view pattern, std::string_view path) {
  while (pattern.size() > 1 && pattern.back() == '/') pattern.remove_suffix(1);
  if (pattern == "/") return true;
  return Matches(pattern, path) || Matches(std::string(pattern) + "/*", path);
}

bool HasComponent(std::string_view path, std::string_view component) {
  while (!path.empty()) {
    const size_t slash = std::min(path.find('/'), path.size());
    if (path.substr(0, slash) == component) return true;
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return false;
}

bool HasPort(const ServerSetting& s, uint16_t port) { return s.ports.min <= port && port <= s.ports.max; }

// They start a server, or keep its container alive, and serve no media.
bool IsWrapper(std::string_view program) {
  static constexpr std::array<std::string_view, 9> kWrappers = {
      "sh", "bash", "dash", "tini", "dumb-init", "docker-init", "pause", "systemd", "s6-svscan"};
  return std::find(kWrappers.begin(), kWrappers.end(), program) != kWrappers.end();
}

}  // namespace

bool ServerFinder::IsOf(const ServerSetting& s, const CgroupInfo& cgroup) const {
  if (s.cgroup.empty() && s.unit.empty() && s.process.empty() && !s.has_ports()) return false;
  if (!s.cgroup.empty() && !IsAtOrBelow(s.cgroup, cgroup.path)) return false;
  if (!s.unit.empty() && !HasComponent(cgroup.path, s.unit)) return false;
  return s.process.empty() ||
         std::find(cgroup.programs.begin(), cgroup.programs.end(), s.process) != cgroup.programs.end();
}

const ServerFinder::Known& ServerFinder::CgroupOf(uint64_t id, Time now) {
  const auto it = cgroups_.find(id);
  const bool outdated =
      it != cgroups_.end() && it->second.info.path.empty() && now - it->second.read_at >= kAskAgain;
  if (it != cgroups_.end() && !outdated) return it->second;
  if (cgroups_.size() >= kMostCgroups) cgroups_.clear();
  Known known{.info = reader_ ? reader_(id) : CgroupInfo{}, .read_at = now, .of_setting = {}, .name = {}};
  if (!known.info.path.empty()) {
    for (const ServerSetting& s : settings_) known.of_setting.push_back(IsOf(s, known.info));
    known.name = ServerNameOf(known.info.path);
  }
  return cgroups_[id] = std::move(known);
}

FoundServer ServerFinder::Find(const FlowEvent& e) {
  const uint16_t port = e.key.local_port;
  if (e.flow.cgroup_id != 0) {
    const Known& cgroup = CgroupOf(e.flow.cgroup_id, e.at);
    if (!cgroup.info.path.empty()) {
      for (size_t i = 0; i < settings_.size(); ++i) {
        if (cgroup.of_setting[i] && HasPort(settings_[i], port))
          return {i, settings_[i].name, cgroup.info.path};
      }
      return {std::nullopt, cgroup.name, cgroup.info.path};
    }
  }
  for (size_t i = 0; i < settings_.size(); ++i) {
    if (settings_[i].has_ports() && HasPort(settings_[i], port)) return {i, settings_[i].name, {}};
  }
  return {};
}

std::vector<std::string> ServerFinder::Notes() const {
  std::vector<std::string> notes;
  for (const auto& [id, known] : cgroups_) {
    std::vector<std::string_view> programs;
    for (const std::string& p : known.info.programs) {
      if (!IsWrapper(p)) programs.push_back(p);
    }
    bool by_port = false;
    for (size_t i = 0; i < known.of_setting.size(); ++i)
      by_port = by_port || (known.of_setting[i] && settings_[i].has_ports());
    if (programs.size() < 2 || by_port) continue;
    const size_t named = std::min(programs.size(), kMostPrograms);
    const std::string more = named < programs.size() ? ", ..." : "";
    programs.resize(named);
    notes.push_back(
        fmt::format("{} processes ({}{}) share the cgroup {}: if more than one of them serves media, they "
                    "are judged as one "
                    "server; servers[].ports tells them apart",
                    known.info.processes, fmt::join(programs, ", "), more, known.info.path));
  }
  std::sort(notes.begin(), notes.end());
  return notes;
}

}  // namespace candor
