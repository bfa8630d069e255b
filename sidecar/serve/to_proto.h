// SPDX-License-Identifier: Apache-2.0
//
// Snapshots as candor.v1 messages. Pure; every message comes from one snapshot. A Time{} ("never") becomes
// an absent timestamp.
#pragma once

#include "candor/v1/node_health.pb.h"
#include "status/snapshot_store.h"

namespace candor {

v1::State ToProto(State s);
v1::Phase ToProto(Phase p);
v1::WaitingOn ToProto(WaitingOn o);
v1::Outcome ToProto(Outcome o);
v1::SelfReport::Answer ToProto(SelfAnswer a);
v1::SelfReport ToProto(const SelfReport& r);

// `to_wall` as in Snapshot.
v1::Attempt ToProto(const AttemptView& a, std::chrono::nanoseconds to_wall);
v1::Flow ToProto(const FlowView& f, std::chrono::nanoseconds to_wall);

// The verdict as shown (blindness and orders over it), with its examples filled from the snapshot's attempts;
// of an example that is no longer among them only id and weight are known.
v1::Verdict VerdictToProto(const Snapshot& s);

// `now` of the source's clock as the wall clock that every time of `s` is told in: who subtracts a time of
// the answer from it gets an age, whatever was done to the wall clock since, here or at the reader's.
google::protobuf::Timestamp WallTimestamp(const Snapshot& s, Time now);

// The parts of Info that the snapshot knows.
void FillInfo(const Snapshot& s, v1::Info* info);

}  // namespace candor
