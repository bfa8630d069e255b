// SPDX-License-Identifier: Apache-2.0
//
// rtpengine's kernel module forwards packets before they reach a socket. Each daemon that uses it has a
// directory /proc/rtpengine/<table number>. Thread-safe.
#pragma once

#include <string>
#include <vector>

namespace candor {

// The table numbers in use, sorted; empty without the module or without tables.
std::vector<std::string> ForwardingTables(const std::string& proc);

}  // namespace candor
