// SPDX-License-Identifier: Apache-2.0
//
// The C++ view of bpf/abi.h. A FlowState is the complete state of one UDP 5-tuple at one time. Every event
// has one, so events need not be accumulated and the next event makes up for a lost one.
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

// The lower-case name in every interface: "offered", "node".
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

// The node's ufrag as printable text (bytes outside RFC 8839's ice-char become '?'), at most
// CANDOR_UFRAG_TEXT bytes; empty without one. `ufrag_hash` covers all bytes.
std::string UfragText(const FlowState& f);

struct FlowEvent {
  Time at{};
  FlowKey key{};
  FlowState flow{};
};

}  // namespace candor
