// SPDX-License-Identifier: Apache-2.0
//
// Wall-clock times of the protocol. Values that do not fit 64 bits of nanoseconds (after the year 2255) are
// clamped: another host's clock must not cause undefined behaviour here. Pure.
#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <chrono>

namespace candor::cli {

using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

WallTime FromProto(const google::protobuf::Timestamp& t);
std::chrono::nanoseconds FromProto(const google::protobuf::Duration& d);

// The current time by the clock that the times in `answer` come from: candord's, where the answer has it;
// else `own`.
template <class Message>
WallTime NodeNow(const Message& answer, WallTime own) {
  return answer.has_now() ? FromProto(answer.now()) : own;
}

}  // namespace candor::cli
