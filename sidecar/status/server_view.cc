// SPDX-License-Identifier: Apache-2.0
#include "status/server_view.h"

#include <fmt/format.h>

#include <algorithm>

namespace candor {

const ServerStatus* FindServer(const Snapshot& snapshot, std::string_view name) {
  if (name.empty()) return nullptr;
  for (const ServerStatus& s : snapshot.servers) {
    if (s.name == name) return &s;
  }
  return nullptr;
}

Snapshot OfServer(const Snapshot& snapshot, const ServerStatus& server, bool lists) {
  Snapshot out;
  out.sequence = snapshot.sequence;
  out.verdict = server.verdict;
  out.self = snapshot.self;
  out.source = snapshot.source;
  out.counts = server.counts;
  out.serving = server.serving;
  out.blind_since = snapshot.blind_since;
  out.overrides = snapshot.overrides;
  out.to_wall = snapshot.to_wall;
  out.to_boot = snapshot.to_boot;
  out.metrics_page = snapshot.metrics_page;
  out.server = server.name;
  // A server before its first attempt, or without any for long, was judged when the node was.
  if (out.verdict.at == Time{}) out.verdict.at = snapshot.verdict.at;
  if (!lists || server.gone) return out;
  const auto is_of_it = [&](const auto& view) { return view.server == server.id; };
  std::copy_if(snapshot.attempts.begin(), snapshot.attempts.end(), std::back_inserter(out.attempts),
               is_of_it);
  std::copy_if(snapshot.flows.begin(), snapshot.flows.end(), std::back_inserter(out.flows), is_of_it);
  out.servers.push_back(server);  // for its name in the lists
  return out;
}

SnapshotPtr ViewOf(const SnapshotPtr& snapshot, std::string_view server, bool lists) {
  if (server.empty()) return snapshot;
  const ServerStatus* found = FindServer(*snapshot, server);
  return found == nullptr ? nullptr : std::make_shared<const Snapshot>(OfServer(*snapshot, *found, lists));
}

std::string UnknownServerMessage(const Snapshot& snapshot, std::string_view name) {
  constexpr size_t kLongestQuoted = 100, kMostListed = 40;
  const std::string quoted =
      name.size() <= kLongestQuoted ? fmt::format("\"{}\"", name) : fmt::format("of {} bytes", name.size());
  if (snapshot.servers.empty())
    return fmt::format("server {} is unknown; no server is known by name yet", quoted);
  std::string known;
  for (size_t i = 0; i < std::min(snapshot.servers.size(), kMostListed); ++i)
    known += fmt::format("{}\"{}\"", known.empty() ? "" : ", ", snapshot.servers[i].name);
  return fmt::format("server {} is unknown; expected one of {}", quoted, known);
}

std::string_view ServerNameById(const Snapshot& snapshot, uint32_t id) {
  for (const ServerStatus& s : snapshot.servers) {
    if (!s.gone && s.id == id) return s.name;
  }
  return {};
}

std::string_view NameOfVerdict(const Snapshot& snapshot) {
  if (!snapshot.server.empty()) return snapshot.server;
  const ServerStatus* only = nullptr;
  for (const ServerStatus& s : snapshot.servers) {
    if (s.gone) continue;
    if (only != nullptr) return {};
    only = &s;
  }
  return only == nullptr ? std::string_view() : only->name;
}

}  // namespace candor
