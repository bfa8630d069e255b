// SPDX-License-Identifier: Apache-2.0
//
// Settings that a reload applies without a restart; a reload names all others. Each function adds what its
// parameters can apply to `reloader`; they outlive its reloads.
// Tested in tests/daemon/control_plane_test.sh.
#pragma once

#include "daemon/hook.h"
#include "daemon/reload.h"
#include "serve/server.h"
#include "status/snapshot_store.h"
#include "web/web_server.h"

namespace candor::daemon {

HookOptions HookOptionsOf(const Config& config);

// log_level, blind_policy; on_transition where `at_start` lets candord run programs.
void AddLiveSettings(Reloader& reloader, const Config& at_start, SnapshotStore& snapshots, Hook& hook);
// admin.longest_override, the TLS files, the configuration that is shown.
void AddLiveSettings(Reloader& reloader, Server& server);
// The limits of web.
void AddLiveSettings(Reloader& reloader, web::WebServer& web);

}  // namespace candor::daemon
