// SPDX-License-Identifier: Apache-2.0
#include "serve/verdict_json.h"

#include <google/protobuf/util/json_util.h>

#include "serve/to_proto.h"

namespace candor {

std::string VerdictJson(const Snapshot& snapshot) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(VerdictToProto(snapshot), &json, options);
  // A timestamp outside the years 1 to 9999 has no JSON form.
  if (!status.ok()) return "{\"error\":\"the verdict has no JSON form\"}";
  return json;
}

}  // namespace candor
