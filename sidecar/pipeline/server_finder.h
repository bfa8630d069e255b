// SPDX-License-Identifier: Apache-2.0
//
// Finds the media server that a flow's socket belongs to, by its cgroup and local port. Pure but for the
// reader of cgroups; one thread. Tested in tests/pipeline/server_finder_test.cc.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "flow/cgroup_info.h"
#include "flow/flow.h"
#include "pipeline/server_options.h"

namespace candor {

// FlowSource::Cgroup().
using CgroupReader = std::function<CgroupInfo(uint64_t id)>;

struct FoundServer {
  std::optional<size_t> setting;  // index into the settings, of a configured server
  std::string name;               // empty: not known
  std::string cgroup;             // its path; empty: not known
};

class ServerFinder {
 public:
  ServerFinder(std::vector<ServerSetting> settings, CgroupReader reader)
      : settings_(std::move(settings)), reader_(std::move(reader)) {}

  FoundServer Find(const FlowEvent& e);
  // Whether a cgroup that was found before is known not to exist any more. Not remembered: reads it.
  bool IsRemoved(uint64_t cgroup) const { return cgroup != 0 && reader_ && reader_(cgroup).removed; }
  // Servers that share a cgroup and cannot be told apart, one sentence each.
  std::vector<std::string> Notes() const;

 private:
  static constexpr size_t kMostCgroups = 1024;  // remembered; all are read again beyond that

  struct Known {
    CgroupInfo info;
    Time read_at{};
    std::vector<bool> of_setting;  // the cgroup is the setting's, whatever the port
    std::string name;
  };
  const Known& CgroupOf(uint64_t id, Time now);
  bool IsOf(const ServerSetting& s, const CgroupInfo& cgroup) const;

  const std::vector<ServerSetting> settings_;
  const CgroupReader reader_;
  std::unordered_map<uint64_t, Known> cgroups_;
};

}  // namespace candor
