// SPDX-License-Identifier: Apache-2.0
//
// JSON on one line. Messages are proto3 JSON with the proto's own field names and every primitive field
// present; 64-bit integers are strings there, as proto3 JSON has it.
#pragma once

#include <google/protobuf/message.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace candor::cli {

std::string ToJson(const google::protobuf::Message& message);

// {"a":"x","b":"y"} in the order given: for what has no message of its own.
std::string JsonObject(std::initializer_list<std::pair<std::string_view, std::string_view>> members);

}  // namespace candor::cli
