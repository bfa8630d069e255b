// SPDX-License-Identifier: Apache-2.0
//
// Times of day for people and logs, in UTC. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace candor {

// "2026-11-30 00:17:26", from seconds since 1970; "?" where the year does not fit an int.
std::string FormatUtcSeconds(int64_t since_1970);

// "2026-11-30 00:17:26Z"; rounds down to a second.
std::string FormatUtc(std::chrono::sys_time<std::chrono::nanoseconds> t);

}  // namespace candor
