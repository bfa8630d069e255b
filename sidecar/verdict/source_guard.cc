// SPDX-License-Identifier: Apache-2.0
#include "verdict/source_guard.h"

#include <algorithm>

namespace candor {

void SourceGuard::Find(const AttemptDetectors& detectors, bool none_acknowledged, Time now, Findings* f) {
  bool in_doubt = false, trusted_alone = false, others = false;
  for (const SequentialTest& t : detectors.tests()) {
    const Detector d = t.detector();
    if (d == Detector::kSlowSetup || (d == Detector::kFrozen && !none_acknowledged)) continue;
    if (t.unguarded_score() < t.threshold() / 2) continue;
    in_doubt = true;
    others = others || OthersSucceed(t, now);
    if (!t.held_back()) continue;
    f->held = true;
    trusted_alone = trusted_alone || t.trusted_alone();
    f->harmed = d;
  }
  trusted_fail_.Update(trusted_alone, !in_doubt);
  if (!f->held) held_since_ = now;
  // A failing node looks the same until four networks have failed: only what lasts is attributed to the
  // clients.
  const bool lasts = f->held && now - held_since_ > lasting_;
  const bool many = !few_networks(now);
  // Many usual networks are no evidence when two are left at night and both fail.
  few_.Update(f->held && (!many || (lasts && !others)), !in_doubt || (many && others));
  f->client_networks = lasts && many && others;
  if (harm() == Harm::kNone && !f->client_networks) f->harmed = Detector::kNeverActive;
}

Harm SourceGuard::harm() const {
  if (trusted_fail_) return Harm::kTrustedAlone;
  return few_ ? Harm::kTooFewSources : Harm::kNone;
}

// In a node that fails all, no network but those that fail would have had an attempt become active since.
bool SourceGuard::OthersSucceed(const SequentialTest& t, Time now) const {
  const EvidenceSummary& failing = t.unguarded_summary();
  const Time since = std::max(failing.since(), now - fresh_);
  return succeeded_.Since(since, failing.failed_networks()) >= rule::kOthersSucceed;
}

}  // namespace candor
