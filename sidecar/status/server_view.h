// SPDX-License-Identifier: Apache-2.0
//
// The media servers of a snapshot, as interfaces address them. Pure. Tested in
// tests/status/server_view_test.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "status/snapshot_store.h"

namespace candor {

// Null: there is none of that name.
const ServerStatus* FindServer(const Snapshot& snapshot, std::string_view name);

// The snapshot with the verdict, the counts, the answer, the attempts and the flows of one server instead of
// the node's; self-report, blindness and overrides are those of the node. Everything that shows a snapshot
// shows a server by it. `lists` false: without attempts and flows.
Snapshot OfServer(const Snapshot& snapshot, const ServerStatus& server, bool lists = true);

// The snapshot itself for "", that of the server for its name; nullptr: there is none.
SnapshotPtr ViewOf(const SnapshotPtr& snapshot, std::string_view server, bool lists = true);

// "server "x" is unknown; expected one of ...", with names cut to fit a header.
std::string UnknownServerMessage(const Snapshot& snapshot, std::string_view name);

// The name of the server with this number; empty: it is not known by name.
std::string_view ServerNameById(const Snapshot& snapshot, uint32_t id);

// Of the verdict that the snapshot shows: the server's, or that of the node's only server; else empty.
std::string_view NameOfVerdict(const Snapshot& snapshot);

}  // namespace candor
