// SPDX-License-Identifier: Apache-2.0
//
// Where the pinned objects of one candord lie, as names:
//   <root>/<instance>/<version>/flows, events, ..., candor_ingress, candor_egress, link_ingress, link_egress
// One instance for each watched cgroup. The version says which maps and programs these are, so that a binary
// never reads maps of another layout. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace candor {

// "candor-media.slice-1f2e3d4c": the cgroup's last name for people, a hash of its whole path for machines.
std::string InstanceName(std::string_view cgroup);

struct ObjectVersion {
  uint32_t abi = 0;      // CANDOR_ABI_VERSION
  uint32_t layout = 0;   // of the maps: names, kinds, sizes
  uint32_t program = 0;  // of the code and its constants

  bool operator==(const ObjectVersion&) const = default;
  bool SameMaps(const ObjectVersion& o) const { return abi == o.abi && layout == o.layout; }
  std::string Name() const;  // "v2-0123abcd-4567ef89"
  static std::optional<ObjectVersion> Parse(std::string_view name);
};

}  // namespace candor
