// SPDX-License-Identifier: Apache-2.0
#include "cli/render/json.h"

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/wrappers.pb.h>

#include "cli/render/text.h"

namespace candor::cli {
namespace {

// Printable first: JSON must be UTF-8, text from files and gRPC errors need not be.
std::string Quoted(std::string_view text) {
  google::protobuf::StringValue value;
  value.set_value(Printable(text));
  return ToJson(value);
}

}  // namespace

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  // A timestamp outside the years 1 to 9999 has no JSON form.
  if (!status.ok()) return "{\"error\":\"the answer has no JSON form\"}";
  return json;
}

std::string JsonObject(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  std::string out = "{";
  for (const auto& [name, value] : members) {
    if (out.size() > 1) out += ",";
    out += Quoted(name) + ":" + Quoted(value);
  }
  return out + "}";
}

}  // namespace candor::cli
