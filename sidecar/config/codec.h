// SPDX-License-Identifier: Apache-2.0
//
// Text to value and back, for each type of setting. Decode(Encode(v)) == v. An error names what was expected;
// the caller adds the place. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "config/config.h"
#include "flow/address.h"

namespace candor::config {

// A duration is a whole number with a unit: ns, us, ms, s, m, h.
Result<void> Decode(std::string_view text, Duration& out);
Result<void> Decode(std::string_view text, double& out);  // finite
Result<void> Decode(std::string_view text, bool& out);
Result<void> Decode(std::string_view text, int& out);
Result<void> Decode(std::string_view text, uint32_t& out);
Result<void> Decode(std::string_view text, uint64_t& out);
Result<void> Decode(std::string_view text, std::string& out);  // no control characters
Result<void> Decode(std::string_view text, IpPrefix& out);
Result<void> Decode(std::string_view text, PortRange& out);
Result<void> Decode(std::string_view text, SourceChoice& out);
Result<void> Decode(std::string_view text, BlindPolicy& out);
Result<void> Decode(std::string_view text, LogLevel& out);
Result<void> Decode(std::string_view text, PushFrom& out);
Result<void> Decode(std::string_view text, Role& out);
Result<void> Decode(std::string_view text, NodeVerdictRule& out);
Result<void> Decode(std::string_view text, steer::Rooms& out);
Result<void> Decode(std::string_view text, steer::Scope& out);

std::string Encode(Duration v);  // in the largest unit that holds it exactly
std::string Encode(double v);    // the shortest text that reads back the same
std::string Encode(bool v);
std::string Encode(int v);
std::string Encode(uint32_t v);
std::string Encode(uint64_t v);
std::string Encode(const std::string& v);
std::string Encode(const IpPrefix& v);
std::string Encode(const PortRange& v);
std::string Encode(const SourceChoice& v);
std::string Encode(BlindPolicy v);
std::string Encode(LogLevel v);
std::string Encode(PushFrom v);
std::string Encode(Role v);
std::string Encode(NodeVerdictRule v);
std::string Encode(steer::Rooms v);
std::string Encode(steer::Scope v);

}  // namespace candor::config
