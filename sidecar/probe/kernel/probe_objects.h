// SPDX-License-Identifier: Apache-2.0
//
// What user space needs of the loaded BPF object, as descriptors: from the skeleton that loaded it, or from
// the pins of an earlier process.
#pragma once

#include <string>

#include "base/result.h"
#include "base/unique_fd.h"
#include "probe/pins/pin_names.h"

struct flow_bpf;

namespace candor {

struct ProbeOptions;

struct ProbeObjects {
  UniqueFd flows, events, cpus;  // maps
  UniqueFd ingress, egress;      // programs

  static Result<ProbeObjects> Of(const flow_bpf& loaded);
  static Result<ProbeObjects> Pinned(const std::string& folder);
};

// The version of an opened object that has been sized and told its constants.
ObjectVersion VersionOf(const flow_bpf& opened, const ProbeOptions& options);

// Pins all maps and both programs of a loaded object into `folder`. Programs that are there are replaced.
Result<void> PinObjects(const flow_bpf& loaded, const std::string& folder);

// Lets the next load take the maps that are pinned in `folder`.
Result<void> UsePinnedMaps(flow_bpf& opened, const std::string& folder);

}  // namespace candor
