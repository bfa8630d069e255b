// SPDX-License-Identifier: Apache-2.0
#include "steer/node_row.h"

#include <fmt/format.h>

#include <algorithm>

#include "steer/wire.h"

namespace candor::steer {
namespace {

// Field numbers of livekit.Node and livekit.NodeStats.
enum NodeField : uint32_t { kId = 1, kIp = 2, kStats = 4, kState = 6, kRegion = 7 };
constexpr uint32_t kUpdatedAt = 2;
constexpr int64_t kMadeOlder = 60;  // s

// Within one message of statistics. False: it is malformed.
bool ReadUpdatedAt(std::string_view stats, std::optional<int64_t>& out) {
  wire::Fields fields(stats);
  if (!out) out = 0;  // proto3 leaves out a zero
  while (const auto field = fields.Next()) {
    if (field->number == kUpdatedAt && field->type == wire::Type::kVarint)
      out = static_cast<int64_t>(field->varint);
  }
  return !fields.malformed();
}

}  // namespace

bool NodeRow::FreshAt(WallTime now) const {
  if (!updated_at) return true;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  return *updated_at > seconds - kFreshFor.count();  // as a difference it could overflow
}

std::optional<NodeRow> ReadNodeRow(std::string_view message) {
  NodeRow row;
  wire::Fields fields(message);
  while (const auto field = fields.Next()) {
    if (field->type == wire::Type::kVarint) {
      if (field->number == kState) row.state = field->varint;
    } else if (field->type == wire::Type::kBytes) {
      if (field->number == kId) row.id = field->bytes;
      if (field->number == kIp) row.ip = field->bytes;
      if (field->number == kRegion) row.region = field->bytes;
      if (field->number == kStats && !ReadUpdatedAt(field->bytes, row.updated_at)) return std::nullopt;
    }
  }
  if (fields.malformed() || row.id.empty()) return std::nullopt;
  return row;
}

std::optional<std::string> SteeredRow(std::string_view message, Rooms rooms) {
  const auto row = ReadNodeRow(message);
  if (!row) return std::nullopt;
  auto out = wire::WithVarint(message, kState, kShuttingDown);
  if (!out || rooms == Rooms::kNew) return out;
  const int64_t older = std::max<int64_t>(row->updated_at.value_or(0), kMadeOlder) - kMadeOlder;
  return wire::WithVarintInside(*out, kStats, kUpdatedAt, static_cast<uint64_t>(older));
}

OwnNode FindOwnNode(const std::vector<HashField>& nodes, const std::string& id,
                    const std::vector<std::string>& addresses, WallTime now) {
  OwnNode found;
  size_t fresh = 0;
  for (const HashField& field : nodes) {
    auto row = ReadNodeRow(field.message);
    if (!row || row->id != field.id) continue;
    const bool here = std::find(addresses.begin(), addresses.end(), row->ip) != addresses.end();
    if (id.empty() ? !here : row->id != id) continue;
    if (!row->FreshAt(now)) continue;
    ++fresh;
    found.row = std::move(row);
  }
  if (fresh == 1) return found;
  found.row.reset();
  if (fresh > 1) {
    found.error = fmt::format("{} LiveKit nodes report one of the addresses {}: set steer.livekit.node_id",
                              fresh, fmt::join(addresses, ", "));
  } else if (!id.empty()) {
    found.error = fmt::format("no fresh row {} among {} in Redis", id, nodes.size());
  } else {
    found.error = fmt::format(
        "no fresh row with one of the addresses {} among {} in Redis: LiveKit does not run, or reports "
        "another "
        "address (set steer.livekit.node_ip)",
        addresses.empty() ? "(none)" : fmt::format("{}", fmt::join(addresses, ", ")), nodes.size());
  }
  return found;
}

}  // namespace candor::steer
