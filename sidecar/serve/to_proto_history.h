// SPDX-License-Identifier: Apache-2.0
//
// History and orders as candor.v1 messages, and back (the state file). Pure.
#pragma once

#include "candor/v1/admin.pb.h"
#include "serve/state_file.h"
#include "status/history.h"

namespace candor {

google::protobuf::Timestamp ToProto(WallTime t);
WallTime FromProto(const google::protobuf::Timestamp& t);  // clamped to what a WallTime holds

// `boot_to_wall`: add to a boot time to get the wall-clock time; the other way round in FromProto.
v1::Drain ToProto(const DrainOverride& d, Duration boot_to_wall);
v1::StateOverride ToProto(const StateOverride& f, Duration boot_to_wall);
v1::Transition ToProto(const Transition& t);
// A change out of the history as a watcher gets it: what was decided, without figures.
v1::Verdict ToVerdict(const Transition& t);

v1::SavedState ToProto(const SavedState& s);
SavedState FromProto(const v1::SavedState& s);  // leaves out what this version does not know

// nullopt: a value this version does not know.
std::optional<State> StateFromProto(v1::State s);

DrainOverride FromProto(const v1::Drain& d, Duration boot_to_wall);
std::optional<StateOverride> FromProto(const v1::StateOverride& f, Duration boot_to_wall);
std::optional<Transition> FromProto(const v1::Transition& t);

}  // namespace candor
