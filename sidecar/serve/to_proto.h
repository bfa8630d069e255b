// SPDX-License-Identifier: Apache-2.0
//
// Snapshots as candor.v1 messages, each from one snapshot. Time{} ("never") becomes an absent timestamp.
// Pure.
#pragma once

#include "candor/v1/node_health.pb.h"
#include "serve/to_proto_values.h"
#include "status/snapshot_store.h"

namespace candor {

v1::SelfReport ToProto(const SelfReport& r);
v1::Cause ToProto(const Cause& c);
// Of the attempts and flows of `s`.
v1::Attempt ToProto(const AttemptView& a, const Snapshot& s);
v1::Flow ToProto(const FlowView& f, const Snapshot& s);

// The verdict as shown (with blindness and overrides), of the node or, of a snapshot that OfServer() made, of
// one server. Its examples have the fields of the snapshot's attempts; an example that is no longer among
// these has only id and weight.
v1::Verdict VerdictToProto(const Snapshot& s);

// `now` of the source's clock in the wall-clock time of `s`: its difference to a time of the answer is an age
// that no step of a wall clock, here or at the client, changes.
google::protobuf::Timestamp WallTimestamp(const Snapshot& s, Time now);

// The parts of Info that come from the snapshot.
void FillInfo(const Snapshot& s, v1::Info* info);

}  // namespace candor
