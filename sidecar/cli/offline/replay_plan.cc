// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay_plan.h"

#include "base/port_range.h"

namespace candor::cli {
namespace {

// Ended attempts kept for the report: about 30 MB.
constexpr size_t kHistory = 100000;

tl::unexpected<Error> Bad(const char* flag, const Error& why) {
  return Fail(std::string(flag) + ": " + why.message);
}

Result<void> ParseNodes(const std::string& text, FileSourceOptions* source) {
  if (text.empty())
    return Fail("--node: expected the address of the node in the capture, such as --node 10.0.0.5");
  const auto prefixes = ParsePrefixList(text);
  if (!prefixes) return Bad("--node", prefixes.error());
  for (const IpPrefix& p : *prefixes) {
    const bool all_hosts = p.bits == 0 || (p.bits == 96 && p.address.IsV4());
    if (all_hosts) {
      return Fail("--node: " + p.ToString() +
                  " holds all addresses; expected the addresses or networks of the node");
    }
    if (p.bits == 128) {
      source->nodes.push_back(p.address);
    } else {
      source->node_networks.push_back(p);
    }
  }
  return {};
}

Result<void> ParsePorts(const std::string& text, FlowTableOptions* table) {
  if (text.empty()) return {};
  const auto range = ParsePortRange(text);
  if (!range && range.error().reversed) {
    return Fail("--ports: '" + text + "' ends before it begins; expected A-B with A <= B");
  }
  if (!range) {
    return Fail("--ports: '" + std::string(range.error().not_port) +
                "' is not a port; expected A-B with 0 <= A <= B <= 65535");
  }
  table->port_min = range->min;
  table->port_max = range->max;
  return {};
}

Result<bool> ParseSelf(const std::string& text) {
  if (text.empty() || text == "ok") return true;
  if (text == "down") return false;
  return Fail("--self-report: expected ok or down, found '" + text + "'");
}

Result<void> ParseJudge(const ReplayArguments& c, JudgeOptions* judge) {
  // In this form the conditions are false for NaN too.
  if (!(c.false_alarms_per_month > 0 && c.false_alarms_per_month <= 1e6)) {
    return Fail("--false-alarms-per-month: expected a number above 0, at most 1000000");
  }
  if (!(c.smallest_share > 0 && c.smallest_share < 1)) {
    return Fail("--smallest-share: expected a share above 0 and below 1, such as 0.10");
  }
  judge->false_alarms_per_month = c.false_alarms_per_month;
  judge->smallest_share = c.smallest_share;
  return ReadJudgeFlags(c.flags, judge);
}

}  // namespace

Result<ReplayPlan> MakePlan(const ReplayArguments& c) {
  ReplayPlan plan;
  if (c.file.empty()) return Fail("FILE: expected a capture file, or - for standard input");
  plan.source.path = c.file;
  plan.source.socket_path = c.socket_capture;
  plan.pipeline.attempt.history = kHistory;
  if (auto nodes = ParseNodes(c.node, &plan.source); !nodes) return tl::make_unexpected(nodes.error());
  if (auto ports = ParsePorts(c.ports, &plan.source.table); !ports) return tl::make_unexpected(ports.error());
  if (auto judge = ParseJudge(c, &plan.pipeline.judge); !judge) return tl::make_unexpected(judge.error());
  const auto self = ParseSelf(c.self_report);
  if (!self) return tl::make_unexpected(self.error());
  plan.self_report_ok = *self;
  return plan;
}

}  // namespace candor::cli
