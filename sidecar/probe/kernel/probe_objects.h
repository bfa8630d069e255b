// SPDX-License-Identifier: Apache-2.0
//
// Descriptors of the loaded BPF object's maps and programs: from the skeleton that loaded it, or from the
// pins of an earlier process. Thread-safe.
// Tested in tests/probe/kernel/load_kernel_probe_test.cc.
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

// The version of an opened object with its map sizes and constants set.
ObjectVersion VersionOf(const flow_bpf& opened, const ProbeOptions& options);

// Pins all maps and both programs of a loaded object in `folder`; replaces programs that are pinned there.
Result<void> PinObjects(const flow_bpf& loaded, const std::string& folder);

// Makes the next load use the maps pinned in `folder`.
Result<void> UsePinnedMaps(flow_bpf& opened, const std::string& folder);

}  // namespace candor
