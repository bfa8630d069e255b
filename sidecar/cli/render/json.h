// SPDX-License-Identifier: Apache-2.0
//
// JSON on one line. Messages as proto3 JSON with the proto's field names and every primitive field; 64-bit
// integers are strings. Printed by protobuf, which also escapes < and >. Pure.
#pragma once

#include <google/protobuf/message.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace candor::cli {

std::string ToJson(const google::protobuf::Message& message);

// {"a":"x","b":"y"} in the given order. For output that has no message.
std::string JsonObject(std::initializer_list<std::pair<std::string_view, std::string_view>> members);

}  // namespace candor::cli
