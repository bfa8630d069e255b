// SPDX-License-Identifier: Apache-2.0
#include "daemon/live_settings.h"

#include "daemon/log.h"
#include "daemon/privileges/privileged_thread.h"

namespace candor::daemon {

HookOptions HookOptionsOf(const Config& config) {
  return {config.on_transition.command,
          std::chrono::duration_cast<std::chrono::milliseconds>(config.on_transition.timeout)};
}

void AddLiveSettings(Reloader& reloader, const Config& at_start, SnapshotStore& snapshots, Hook& hook) {
  reloader.AddLive({"log_level"}, [](const Config& next, Config& in_force) {
    SetLogLevel(in_force.log_level = next.log_level);
  });
  reloader.AddLive({"blind_policy"}, [&snapshots](const Config& next, Config& in_force) {
    snapshots.SetBlindPolicy(in_force.blind_policy = next.blind_policy);
  });
  if (!MayRunPrograms(at_start)) return;
  reloader.AddLive({"on_transition", "on_transition_timeout"}, [&hook](const Config& next, Config& in_force) {
    in_force.on_transition = next.on_transition;
    hook.SetOptions(HookOptionsOf(next));
  });
}

void AddLiveSettings(Reloader& reloader, Server& server) {
  reloader.AddLive({"admin.longest_override"}, [&server](const Config& next, Config& in_force) {
    server.SetLongestOverride(in_force.longest_override = next.longest_override);
  });
  reloader.AddAlways([&server](const Config& in_force) {
    server.SetConfigYaml(PrintConfig(in_force));
    return server.ReloadTls();
  });
}

void AddLiveSettings(Reloader& reloader, web::WebServer& web) {
  reloader.AddLive({"web.max_connections", "web.max_header_bytes", "web.request_timeout", "web.idle_timeout",
                    "web.write_timeout"},
                   [&web](const Config& next, Config& in_force) {
                     web::WebOptions limits = next.web;
                     limits.http_listen = in_force.web.http_listen;
                     limits.agent_listen = in_force.web.agent_listen;
                     web.SetBounds(in_force.web = limits);
                   });
}

}  // namespace candor::daemon
