// SPDX-License-Identifier: Apache-2.0
#include "config/rules.h"

#include <set>

#include "config/codec.h"
#include "config/web_rules.h"

namespace candor::config {

std::vector<BrokenRule> BrokenRules(const Config& c) {
  std::vector<BrokenRule> out;
  const auto shorter = [&](const char* path, Duration value, Duration deadline) {
    if (value < deadline) return;
    out.push_back({path, "expected less than deadline (" + Encode(deadline) + "), not " + Encode(value)});
  };
  shorter("patience", c.attempt.patience, c.attempt.deadline);
  shorter("media_patience", c.attempt.media_patience, c.attempt.deadline);
  if (!c.self_report.http.empty() && !c.self_report.grpc.empty()) {
    out.push_back({"self_report.grpc", "expected only one of self_report.http and self_report.grpc"});
  }
  if (!c.self_report.service.empty() && c.self_report.grpc.empty()) {
    out.push_back({"self_report.service", "expected self_report.grpc beside it; HTTP has no services"});
  }
  if (c.listen_grpc.empty()) {
    out.push_back({"listen.grpc", "expected at least one address; nobody could ask Candor"});
  }
  const std::set<std::string> distinct(c.listen_grpc.begin(), c.listen_grpc.end());
  if (distinct.size() != c.listen_grpc.size()) {
    out.push_back({"listen.grpc", "expected each address once"});
  }
  for (BrokenRule& broken : BrokenWebRules(c)) out.push_back(std::move(broken));
  return out;
}

}  // namespace candor::config
