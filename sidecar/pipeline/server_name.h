// SPDX-License-Identifier: Apache-2.0
//
// The name of a media server in every interface: a service name of grpc.health.v1, a part of a path, a
// metric's label. Pure. Tested in tests/pipeline/server_name_test.cc.
#pragma once

#include <string>
#include <string_view>

namespace candor {

// Of all servers beyond ServersOptions::most, and of attempts that no server can be named for.
inline constexpr std::string_view kOtherServers = "other";

// The deepest component of a cgroup's path that names a unit of systemd or a container, else the last one:
//   /system.slice/janus.service                         janus.service
//   /user.slice/.../app.slice/janus.service/worker      janus.service
//   /system.slice/docker-<64 digits>.scope              docker-<12 digits>.scope
//   /kubepods.slice/.../cri-containerd-<64>.scope       cri-containerd-<12>.scope
//   /docker/<64 digits>                                 <12 digits>
//   /                                                   root
// Characters beyond [A-Za-z0-9@:._-] become '_', at most 64 are kept, and a reserved name gets a '_' after
// it.
std::string ServerNameOf(std::string_view cgroup_path);

// What containers of one kind have in common: the name with "#" in place of the container's identity, which
// is another after each deployment. Empty: there is none in this name.
//   docker-0123456789ab.scope                           docker-#.scope
std::string ContainerKindOf(std::string_view server_name);

// Names that mean something else in some interface: "", "media", "self", "sensor", "node", "other", ...
bool IsReservedServerName(std::string_view name);

// 1 to 64 of the characters above.
bool IsServerName(std::string_view name);

}  // namespace candor
