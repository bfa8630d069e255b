// SPDX-License-Identifier: Apache-2.0
//
// Snapshots as candor.v1 messages. Pure; every message comes from one snapshot. A Time{} ("never") becomes
// an absent timestamp.
#pragma once

#include "candor/v1/node_health.pb.h"
#include "serve/board.h"

namespace candor {

v1::State ToWire(State s);
v1::Phase ToWire(Phase p);
v1::Owed ToWire(Owed o);
v1::Outcome ToWire(Outcome o);
v1::SelfReport::Answer ToWire(SelfAnswer a);
v1::SelfReport ToWire(const SelfReport& r);

// `to_wall` as in Snapshot.
v1::Attempt ToWire(const AttemptView& a, std::chrono::nanoseconds to_wall);
v1::Flow ToWire(const FlowView& f, std::chrono::nanoseconds to_wall);

// The verdict as shown (blindness and orders over it), with its examples filled from the snapshot's attempts;
// of an example that is no longer among them only id and weight are known.
v1::Verdict VerdictToWire(const Snapshot& s);

// `now` of the source's clock as the wall clock that every time of `s` is told in: who subtracts a time of
// the answer from it gets an age, whatever was done to the wall clock since, here or at the reader's.
google::protobuf::Timestamp NowOn(const Snapshot& s, Time now);

// The parts of Info that the snapshot knows.
void FillInfo(const Snapshot& s, v1::Info* info);

}  // namespace candor
