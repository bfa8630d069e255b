// SPDX-License-Identifier: Apache-2.0
//
// History and saved state in candor.v1, and back. Pure. Tested in tests/serve/state_file_test.cc.
#pragma once

#include "candor/v1/node_health.pb.h"
#include "candor/v1/state_file.pb.h"
#include "status/saved_state.h"

namespace candor {

v1::Transition ToProto(const Transition& t);
// A change of the history in the form that WatchVerdict replays: without figures.
v1::Verdict ToVerdict(const Transition& t);
v1::SavedState ToProto(const SavedState& s);

// nullopt: its state is of a newer version.
std::optional<Transition> FromProto(const v1::Transition& t);
SavedState FromProto(const v1::SavedState& s);  // without the transitions and overrides that are nullopt

}  // namespace candor
