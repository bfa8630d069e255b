// SPDX-License-Identifier: Apache-2.0
//
// Enums, times and overrides in candor.v1, and back. Pure. Tested in tests/serve/to_proto_test.cc and
// tests/serve/state_file_test.cc.
#pragma once

#include <optional>

#include "attempt/attempt_event.h"
#include "candor/v1/node_health.pb.h"
#include "flow/flow.h"
#include "selfreport/self_report.h"
#include "status/overrides.h"

namespace candor {

v1::State ToProto(State s);
v1::Phase ToProto(Phase p);
v1::WaitingOn ToProto(WaitingOn w);
v1::Outcome ToProto(Outcome o);
v1::SelfReport::Answer ToProto(SelfAnswer a);

// nullopt: a value of a newer version.
std::optional<State> FromProto(v1::State s);
std::optional<SelfAnswer> FromProto(v1::SelfReport::Answer a);

google::protobuf::Timestamp ToProto(WallTime t);
WallTime FromProto(const google::protobuf::Timestamp& t);  // clamped to the range of WallTime

// `boot_to_wall`: the wall clock less the boot clock.
google::protobuf::Timestamp ToProto(BootTime t, Duration boot_to_wall);
BootTime BootTimeFromProto(const google::protobuf::Timestamp& t, Duration boot_to_wall);
v1::Drain ToProto(const DrainOverride& d, Duration boot_to_wall);
v1::StateOverride ToProto(const StateOverride& o, Duration boot_to_wall);
DrainOverride FromProto(const v1::Drain& d, Duration boot_to_wall);
// nullopt: a state of a newer version, or one that cannot be an override.
std::optional<StateOverride> FromProto(const v1::StateOverride& o, Duration boot_to_wall);

}  // namespace candor
