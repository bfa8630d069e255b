// SPDX-License-Identifier: Apache-2.0
//
// Where candord puts its admin socket by itself, and candorctl looks for it.
#pragma once

namespace candor {

// Without systemd; its unit's RuntimeDirectory= is the same for the system's candord, and candor in
// $XDG_RUNTIME_DIR for a user's.
inline constexpr const char* kRunFolder = "/run/candor";
inline constexpr const char* kAdminSocketFile = "admin.sock";

}  // namespace candor
