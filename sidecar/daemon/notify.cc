// SPDX-License-Identifier: Apache-2.0
#include "daemon/notify.h"

#include <systemd/sd-daemon.h>

namespace candor::daemon {

// Nobody can act on a failure to notify: systemd itself notices by its own timeouts.
void NotifyReady() { sd_notify(0, "READY=1"); }
void NotifyStopping() { sd_notify(0, "STOPPING=1"); }
void NotifyAlive() { sd_notify(0, "WATCHDOG=1"); }

}  // namespace candor::daemon
