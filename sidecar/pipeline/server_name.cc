// SPDX-License-Identifier: Apache-2.0
#include "pipeline/server_name.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace candor {
namespace {

constexpr size_t kLongestName = 64;
constexpr size_t kContainerId = 64, kShortContainerId = 12;

bool IsHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

bool IsNameCharacter(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u < 0x80 && (std::isalnum(u) != 0 || c == '@' || c == ':' || c == '.' || c == '_' || c == '-');
}

// Where the container's identity begins; npos: there is none.
size_t FindContainerId(std::string_view text) {
  size_t run = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    run = IsHex(text[i]) ? run + 1 : 0;
    if (run == kContainerId) return i + 1 - kContainerId;
  }
  return std::string_view::npos;
}

bool NamesAServer(std::string_view component) {
  return component.ends_with(".service") || component.ends_with(".scope") ||
         FindContainerId(component) != std::string_view::npos;
}

std::string_view Leaf(std::string_view path) {
  std::string_view last, naming;
  while (!path.empty()) {
    const size_t slash = std::min(path.find('/'), path.size());
    const std::string_view component = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (component.empty()) continue;
    last = component;
    if (NamesAServer(component)) naming = component;
  }
  return naming.empty() ? last : naming;
}

}  // namespace

bool IsServerName(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName &&
         std::all_of(name.begin(), name.end(), &IsNameCharacter) && name != "." && name != "..";
}

bool IsReservedServerName(std::string_view name) {
  static constexpr std::array<std::string_view, 7> kReserved = {
      "", "media", "self", "sensor", "node", kOtherServers, "candor.v1.NodeHealth"};
  return std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
}

std::string ContainerKindOf(std::string_view name) {
  for (size_t begin = 0; begin < name.size();) {
    size_t end = begin;
    while (end < name.size() && IsHex(name[end])) ++end;
    const bool whole = (begin == 0 || name[begin - 1] == '-') && (end == name.size() || name[end] == '.');
    if (whole && end - begin == kShortContainerId)
      return std::string(name.substr(0, begin)) + "#" + std::string(name.substr(end));
    begin = end + 1;
  }
  return {};
}

std::string ServerNameOf(std::string_view cgroup_path) {
  std::string name(Leaf(cgroup_path));
  if (const size_t at = FindContainerId(name); at != std::string::npos)
    name.erase(at + kShortContainerId, kContainerId - kShortContainerId);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !IsNameCharacter(c); }, '_');
  name.resize(std::min(name.size(), kLongestName));
  if (name.empty()) return "root";
  if (IsReservedServerName(name) || !IsServerName(name)) name += '_';
  return name;
}

}  // namespace candor
