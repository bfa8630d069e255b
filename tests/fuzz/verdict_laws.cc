// SPDX-License-Identifier: Apache-2.0
#include "verdict_laws.h"

#include <cmath>

namespace candor::fuzz {
namespace {

bool Share(double s) { return s >= 0 && s <= 1; }  // false for NaN

}  // namespace

std::string BrokenIn(const Verdict& v) {
  if (!std::isfinite(v.score) || !std::isfinite(v.threshold)) return "no figure is NaN or infinite";
  if (!Share(v.severity) || !Share(v.baseline_failure_rate)) return "shares lie between 0 and 1";
  if (v.failed > v.counted) return "no more have failed than count";
  if (v.networks > v.failed) return "no more networks than failures";
  uint64_t waiting_on = 0;
  for (const uint64_t n : v.waiting_on) waiting_on += n;
  if (waiting_on != v.failed) return "every failure waits on one side, or on none";
  if (v.window < Duration(0) || v.clears_in < Duration(0)) return "no time span is negative";
  if (v.since > v.at) return "a state began before it was last judged";
  if (v.reason.empty() || v.detail.empty()) return "every verdict has its reason";
  if (FiredBesideHealthy(v) != nullptr) return "no detector that has fired stands beside HEALTHY";
  if (v.examples.size() > 5) return "five examples are enough";
  for (const DetectorStatus& c : v.detectors) {
    if (!std::isfinite(c.score) || c.score < 0 || !std::isfinite(c.threshold))
      return "a detector's sum is finite";
    if (!Share(c.baseline_failure_rate)) return "a detector's usual share lies between 0 and 1";
  }
  return {};
}

std::string BrokenBetween(const Verdict& before, const Verdict& after) {
  if (after.at < before.at || after.since < before.since) return "time never runs backwards";
  if (after.state != before.state && after.since < before.at) return "a new state begins now";
  if (after.ignored_retry < before.ignored_retry ||
      after.ignored_unacknowledged < before.ignored_unacknowledged ||
      after.ignored_capped < before.ignored_capped)
    return "counters never decrease";
  return {};
}

}  // namespace candor::fuzz
