// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a LiveKit node's row in Redis: steering changes the fields that it names and nothing else,
// compared with what protobuf's own parser keeps of a message without a schema.
#include <google/protobuf/unknown_field_set.h>

#include <string>

#include "check.h"
#include "steer/node_row.h"
#include "targets.h"

namespace candor::fuzz {
namespace {

using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

// All fields but those with which steering has to do.
std::string Others(const std::string& row) {
  UnknownFieldSet fields, kept;
  Check(fields.ParseFromString(row), "protobuf reads what was read here");
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    const bool state = field.number() == 6 && field.type() == UnknownField::TYPE_VARINT;
    const bool stats = field.number() == 4 && field.type() == UnknownField::TYPE_LENGTH_DELIMITED;
    if (!state && !stats) kept.AddField(field);
  }
  std::string out;
  Check(kept.SerializeToString(&out), "and writes it");
  return out;
}

}  // namespace

void Row(Input input) {
  const std::string row(input.begin(), input.end());
  const auto before = steer::ReadNodeRow(row);
  for (const steer::Rooms rooms : {steer::Rooms::kNew, steer::Rooms::kAll}) {
    const auto steered = steer::SteeredRow(row, rooms);
    Check(steered.has_value() == before.has_value(), "what can be read can be steered, and nothing else");
    if (!steered) continue;
    const auto after = steer::ReadNodeRow(*steered);
    Check(after.has_value(), "a steered row is a row");
    Check(after->state == steer::kShuttingDown, "it says that the node shuts down");
    Check(after->id == before->id && after->ip == before->ip && after->region == before->region,
          "of the same node");
    if (rooms == steer::Rooms::kNew) Check(after->updated_at == before->updated_at, "the statistics stay");
    if (rooms == steer::Rooms::kAll) Check(after->updated_at >= 0, "older statistics are none of the future");
    Check(Others(*steered) == Others(row), "every other field stays");
    Check(steer::SteeredRow(*steered, steer::Rooms::kNew) == steered, "twice is once");
  }
}

}  // namespace candor::fuzz
