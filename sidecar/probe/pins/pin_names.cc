// SPDX-License-Identifier: Apache-2.0
#include "probe/pins/pin_names.h"

#include <fmt/format.h>

#include <charconv>

#include "base/fnv1a.h"

namespace candor {
namespace {

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// Takes "<hex><separator>" off the front of `rest`; without a separator the whole rest must be the number.
bool TakeNumber(std::string_view* rest, std::string_view separator, int base, uint32_t* out) {
  const auto end = separator.empty() ? rest->size() : rest->find(separator);
  if (end == std::string_view::npos || end == 0) return false;
  const auto [stop, ec] = std::from_chars(rest->data(), rest->data() + end, *out, base);
  if (ec != std::errc() || stop != rest->data() + end) return false;
  rest->remove_prefix(end + separator.size());
  return true;
}

}  // namespace

std::string InstanceName(std::string_view cgroup) {
  constexpr size_t kShown = 40;
  std::string shown(cgroup.substr(cgroup.rfind('/') + 1).substr(0, kShown));
  // BPF file systems refuse names with a dot.
  for (char& c : shown) c = IsPlain(c) ? c : '_';
  return fmt::format("{}-{:08x}", shown.empty() ? "root" : shown, Fnv1a32(cgroup));
}

std::string ObjectVersion::Name() const { return fmt::format("v{}-{:08x}-{:08x}", abi, layout, program); }

std::optional<ObjectVersion> ObjectVersion::Parse(std::string_view name) {
  ObjectVersion v;
  if (!name.starts_with('v')) return std::nullopt;
  name.remove_prefix(1);
  const bool good = TakeNumber(&name, "-", 10, &v.abi) && TakeNumber(&name, "-", 16, &v.layout) &&
                    TakeNumber(&name, "", 16, &v.program);
  return good ? std::optional(v) : std::nullopt;
}

}  // namespace candor
