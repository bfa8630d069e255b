// SPDX-License-Identifier: Apache-2.0
//
// The default place of candord's admin socket, where candorctl looks for it.
// Tested in tests/daemon/paths_test.cc.
#pragma once

namespace candor {

// Without systemd. RuntimeDirectory= of the unit is the same folder, or candor in $XDG_RUNTIME_DIR for a
// user's unit.
inline constexpr const char* kRunFolder = "/run/candor";
inline constexpr const char* kAdminSocketFile = "admin.sock";

}  // namespace candor
