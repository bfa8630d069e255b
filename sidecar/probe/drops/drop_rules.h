// SPDX-License-Identifier: Apache-2.0
//
// The kernel's drop reasons by number, from the running kernel's types (BTF). The numbers differ between
// releases (SOCKET_RCVBUFF is 15 on Linux 6.1 and 6 on 6.12), some names too. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "bpf/drops.h"

struct btf;

namespace candor {

struct DropRules {
  std::array<uint8_t, CANDOR_DROP_RULES> rules{};  // candor_drop_config::rules
  bool has_socket_argument = false;                // candor_drop_config::has_socket_argument
  std::vector<std::string> unreported;             // DropEvidence::unreported
};

// An error when this kernel reports no reasons, with what it lacks.
Result<DropRules> DropRulesOf(const btf& kernel);

}  // namespace candor
