// SPDX-License-Identifier: Apache-2.0
#include "config/rules.h"

#include <map>
#include <set>

#include "config/codec.h"

namespace candor::config {
namespace {

void ServingRules(const Config& c, std::vector<BrokenRule>& out) {
  std::set<std::string> distinct(c.listen_grpc.begin(), c.listen_grpc.end());
  if (distinct.size() != c.listen_grpc.size()) {
    out.push_back({"listen.grpc", "expected each address once"});
  }
  const size_t of_grpc = distinct.size();
  distinct.insert(c.listen_health_only.begin(), c.listen_health_only.end());
  if (distinct.size() != of_grpc + c.listen_health_only.size()) {
    out.push_back({"listen.health_only", "expected each address once, and none of listen.grpc"});
  }
  if (c.tls.certificate.empty() != c.tls.key.empty()) {
    out.push_back(
        {c.tls.key.empty() ? "tls.certificate" : "tls.key", "expected tls.certificate and tls.key together"});
  }
  if (!c.tls.client_ca.empty() && c.tls.certificate.empty()) {
    out.push_back({"tls.client_ca", "expected tls.certificate and tls.key beside it"});
  }
  if (c.limits.watches_per_peer > c.limits.watches) {
    out.push_back({"limits.watches_per_peer",
                   "expected at most limits.watches (" + Encode(uint64_t{c.limits.watches}) + ")"});
  }
  if (!c.on_transition.command.empty() && !c.on_transition.command.front().starts_with('/')) {
    out.push_back({"on_transition", "expected the program by its absolute path, not '" +
                                        c.on_transition.command.front() + "'; no shell looks it up"});
  }
}

// One address serves one protocol.
void AddressRules(const Config& c, std::vector<BrokenRule>& out) {
  std::map<std::string, const char*> taken;  // address, and the setting that has it
  for (const std::string& address : c.listen_grpc) taken.emplace(address, "listen.grpc");
  const auto take = [&](const char* path, const std::vector<std::string>& addresses) {
    for (const std::string& address : addresses) {
      if (address.ends_with(":0")) continue;  // each gets a port of its own
      const auto [at, added] = taken.emplace(address, path);
      if (!added) out.push_back({path, "expected each address once; " + address + " is in " + at->second});
    }
  };
  take("listen.http", c.web.http_listen);
  take("listen.haproxy_agent", c.web.agent_listen);
}

void ServersRules(const ServersOptions& s, std::vector<BrokenRule>& out) {
  std::set<std::string> names;
  bool drives = false;
  for (const ServerSetting& server : s.known) {
    if (server.name.empty()) {
      out.push_back({"servers", "expected a name for each"});
    } else if (!names.insert(server.name).second) {
      out.push_back({"servers", "expected each name once; " + server.name + " is there twice"});
    }
    const bool found = !server.cgroup.empty() || !server.unit.empty() || !server.process.empty();
    if (!found && !server.has_ports()) {
      out.push_back({"servers", "expected cgroup, unit, process or ports of " + server.name});
    }
    drives = drives || server.drives_node;
  }
  if (s.known.size() > s.most) out.push_back({"servers", "expected at most " + std::to_string(s.most)});
  if (s.rule == NodeVerdictRule::kNamed && !drives) {
    out.push_back({"node_verdict", "expected one of servers with drives_node: true, with named"});
  }
}

void SteerRules(const steer::SteerOptions& o, std::vector<BrokenRule>& out) {
  const steer::RedisOptions& r = o.redis;
  if (r.sentinel.empty() && r.addresses.size() > 1)
    out.push_back({"steer.livekit.redis", "expected one address, or steer.livekit.sentinel beside them"});
  if (r.addresses.empty() && (!r.sentinel.empty() || !o.node_id.empty() || !o.node_ip.empty()))
    out.push_back({"steer.livekit.redis", "expected the address of LiveKit's Redis"});
  if (!r.username.empty() && r.password_file.empty())
    out.push_back({"steer.livekit.username", "expected steer.livekit.password_file beside it"});
  if (r.tls_certificate.empty() != r.tls_key.empty())
    out.push_back({"steer.livekit.tls.key", "expected steer.livekit.tls.certificate and key together"});
  if (!r.tls && (!r.tls_ca.empty() || !r.tls_key.empty() || !r.tls_name.empty()))
    out.push_back({"steer.livekit.tls.enabled", "expected true, with a file or a name beside it"});
}

}  // namespace

std::vector<BrokenRule> BrokenRules(const Config& c) {
  std::vector<BrokenRule> out;
  const auto shorter = [&](const char* path, Duration value, Duration deadline) {
    if (value < deadline) return;
    out.push_back({path, "expected less than deadline (" + Encode(deadline) + "), not " + Encode(value)});
  };
  shorter("response_timeout", c.attempt.response_timeout, c.attempt.deadline);
  shorter("media_timeout", c.attempt.media_timeout, c.attempt.deadline);
  if (!c.self_report.http.empty() && !c.self_report.grpc.empty()) {
    out.push_back({"self_report.grpc", "expected only one of self_report.http and self_report.grpc"});
  }
  if (!c.self_report.service.empty() && c.self_report.grpc.empty()) {
    out.push_back({"self_report.service", "expected self_report.grpc beside it; HTTP has no services"});
  }
  if (c.listen_grpc.empty()) {
    out.push_back({"listen.grpc", "expected at least one address"});
  }
  ServersRules(c.servers, out);
  SteerRules(c.steer, out);
  ServingRules(c, out);
  AddressRules(c, out);
  return out;
}

}  // namespace candor::config
