// SPDX-License-Identifier: Apache-2.0
//
// History and orders as candor.v1 messages, and back (the state file). Pure.
#pragma once

#include "candor/v1/admin.pb.h"
#include "serve/history.h"
#include "serve/saved_state.h"

namespace candor {

google::protobuf::Timestamp ToWire(WallTime t);
WallTime FromWire(const google::protobuf::Timestamp& t);  // clamped to what a WallTime holds

// `boot_to_wall`: add to a boot time to get the wall-clock time; the other way round in FromWire.
v1::Drain ToWire(const Drained& d, Duration boot_to_wall);
v1::ForcedState ToWire(const Forced& f, Duration boot_to_wall);
v1::Transition ToWire(const Transition& t);
// A change out of the history as a watcher gets it: what was decided, without figures.
v1::Verdict ToVerdict(const Transition& t);

v1::SavedState ToWire(const SavedState& s);
SavedState FromWire(const v1::SavedState& s);  // leaves out what this version does not know

// nullopt: a value this version does not know.
std::optional<State> StateFromWire(v1::State s);

Drained FromWire(const v1::Drain& d, Duration boot_to_wall);
std::optional<Forced> FromWire(const v1::ForcedState& f, Duration boot_to_wall);
std::optional<Transition> FromWire(const v1::Transition& t);

}  // namespace candor
