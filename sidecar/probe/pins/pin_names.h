// SPDX-License-Identifier: Apache-2.0
//
// The paths of one candord's pinned objects:
//   <root>/<instance>/<version>/flows, events, ..., candor_ingress, candor_egress, link_ingress, link_egress
// One instance per watched cgroup. The version identifies maps and programs, so that a binary does not read
// maps of another layout. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace candor {

// "media_slice-1f2e3d4c": the cgroup's last name for display, and a hash of its complete path.
std::string InstanceName(std::string_view cgroup);

struct ObjectVersion {
  uint32_t abi = 0;      // CANDOR_ABI_VERSION
  uint32_t layout = 0;   // of the maps: names, types, sizes
  uint32_t program = 0;  // of the code and its constants

  bool operator==(const ObjectVersion&) const = default;
  bool SameMaps(const ObjectVersion& o) const { return abi == o.abi && layout == o.layout; }
  std::string Name() const;  // "v2-0123abcd-4567ef89"
  static std::optional<ObjectVersion> Parse(std::string_view name);
};

}  // namespace candor
