// SPDX-License-Identifier: Apache-2.0
//
// The typed view of bpf/abi.h. A FlowSnapshot is the whole state of one UDP 5-tuple at one moment; every
// event carries one, so nothing needs to be added up and a lost event is mended by the next.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "bpf/abi.h"
#include "flow/address.h"

namespace candor {

enum class Phase : uint8_t {
  kNone = CANDOR_PHASE_NONE,
  kOffered = CANDOR_PHASE_OFFERED,
  kAnswered = CANDOR_PHASE_ANSWERED,
  kNominated = CANDOR_PHASE_NOMINATED,
  kSecured = CANDOR_PHASE_SECURED,
  kActive = CANDOR_PHASE_ACTIVE,
};
enum class WaitingOn : uint8_t {
  kNone = CANDOR_WAITING_ON_NONE,
  kNode = CANDOR_WAITING_ON_NODE,
  kPeer = CANDOR_WAITING_ON_PEER,
  kPath = CANDOR_WAITING_ON_PATH,
};

// Lower-case words as in every interface: "offered", "node".
std::string_view Name(Phase p);
std::string_view Name(WaitingOn o);

using FlowKey = candor_flow_key;
using FlowState = candor_flow;

Endpoint LocalOf(const FlowKey& k);
Endpoint RemoteOf(const FlowKey& k);

struct FlowKeyHash {
  size_t operator()(const FlowKey& k) const noexcept;
};
struct FlowKeyEqual {
  bool operator()(const FlowKey& a, const FlowKey& b) const noexcept;
};

// The node's ufrag as printable text (bytes outside RFC 8839's ice-char become '?'); empty when none.
// Longer ones are cut to CANDOR_UFRAG_TEXT bytes; `ufrag_hash` tells them apart all the same.
std::string UfragText(const FlowState& f);

struct FlowEvent {
  Time at{};
  FlowKey key{};
  FlowState flow{};
};

}  // namespace candor
