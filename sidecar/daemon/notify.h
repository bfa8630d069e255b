// SPDX-License-Identifier: Apache-2.0
//
// What systemd is told (sd_notify(3)), when it asked for it by NOTIFY_SOCKET; nothing otherwise.
// Thread-safe.
#pragma once

namespace candor::daemon {

void NotifyReady();
void NotifyStopping();
// Once for each judgement: with WatchdogSec= in the unit, systemd ends a daemon whose line stands still.
void NotifyAlive();

}  // namespace candor::daemon
