// SPDX-License-Identifier: Apache-2.0
//
// What the limits per network hold back: an alarm that too few networks raise, a trusted source that fails
// alone, or a few networks that fail by themselves while others succeed. Pure; one thread.
// Tested in tests/verdict/judge_detectors_test.cc and tests/verdict/judge_states_test.cc.
#pragma once

#include "verdict/attempt_detectors.h"
#include "verdict/findings.h"
#include "verdict/hysteresis.h"
#include "verdict/recent_networks.h"

namespace candor {

class SourceGuard {
 public:
  // `lasting`: an alarm held back for longer is attributed to the clients. `fresh`: JudgeOptions::fresh.
  SourceGuard(Duration lasting, Duration fresh) : lasting_(lasting), fresh_(fresh) {}

  // A counted attempt was acknowledged, became active.
  void Acknowledged(const ClientNetwork& n, Time at) { networks_.Count(n, at); }
  void Succeeded(const ClientNetwork& n, Time at) { succeeded_.Count(n, at); }

  // Fills held, harmed and client_networks. `none_acknowledged`: UnansweredDetector::Find().
  void Find(const AttemptDetectors& detectors, bool none_acknowledged, Time now, Findings* f);
  // kTrustedAlone, kTooFewSources or kNone.
  Harm harm() const;

  // Client networks that are usual on this node.
  int usual_networks(Time now) const { return networks_.Recent(now); }
  // So few that no alarm passes the limits.
  bool few_networks(Time now) const { return usual_networks(now) < rule::kEnoughNetworks; }
  // An attempt has become active within `fresh`.
  bool active_recently(Time now) const { return succeeded_.Since(now - fresh_) > 0; }

 private:
  bool OthersSucceed(const SequentialTest& t, Time now) const;

  Duration lasting_, fresh_;
  RecentNetworks networks_, succeeded_;
  Time held_since_{};  // the last moment at which nothing was held back
  Hysteresis few_, trusted_fail_;
};

}  // namespace candor
