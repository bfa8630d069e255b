// SPDX-License-Identifier: Apache-2.0
//
// WallTime-clock time as it comes over the wire. Values beyond what 64 bits of nanoseconds hold (the year
// 2255 or so) are clamped: a strange clock elsewhere must not become undefined behaviour here.
#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <chrono>
#include <string>

namespace candor::cli {

using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

WallTime FromProto(const google::protobuf::Timestamp& t);
std::chrono::nanoseconds FromProto(const google::protobuf::Duration& d);

// The clock that the times of `answer` are told by: candord's own, where it sends it; else `own`.
template <class Message>
WallTime NodeNow(const Message& answer, WallTime own) {
  return answer.has_now() ? FromProto(answer.now()) : own;
}

// "2026-06-02 12:06:03Z": UTC, because fleets span zones.
std::string Stamp(WallTime t);

}  // namespace candor::cli
