// SPDX-License-Identifier: Apache-2.0
#include "config/web_rules.h"

#include <map>

namespace candor::config {

std::vector<BrokenRule> BrokenWebRules(const Config& c) {
  std::vector<BrokenRule> out;
  std::map<std::string, const char*> taken;  // address, and the setting that has it
  for (const std::string& address : c.listen_grpc) taken.emplace(address, "listen.grpc");
  const auto take = [&](const char* path, const std::vector<std::string>& addresses) {
    for (const std::string& address : addresses) {
      if (address.ends_with(":0")) continue;  // each gets a port of its own
      const auto [at, fresh] = taken.emplace(address, path);
      if (!fresh) out.push_back({path, "expected each address once; " + address + " is in " + at->second});
    }
  };
  take("listen.http", c.web.http_listen);
  take("listen.haproxy_agent", c.web.agent_listen);
  return out;
}

}  // namespace candor::config
