// SPDX-License-Identifier: Apache-2.0
//
// Which attempt goes to which detector and baseline, and when.
// Tested in tests/verdict/judge_detectors_test.cc.
#include <algorithm>

#include "verdict/judge.h"

namespace candor {

void Judge::OnOffered(const AttemptRecord& r) {
  bank_.unanswered.Offered(r);
  bank_.joins.Offered();
  bank_.reported.Offered();
}

void Judge::OnAcknowledged(const AttemptRecord& r, Time at) {
  bank_.unanswered.Acknowledged(r, at);
  if (!r.counted) return;
  ++counted_;
  rate_.Count(r.start);
  gaps_.Arrived(at, rate_.PerSecond());
  bank_.sources.Acknowledged(r.network, at);
  baseline_.LearnAcknowledgement(at - r.start);
}

void Judge::OnActive(const AttemptRecord& r) {
  // A retry that succeeds is no evidence, but it came: else one failure of each of two trunks, whose attempts
  // do not count for a minute then, would look as if all callers had gone. A broken client that only retries
  // hides nothing: it does not succeed.
  if (!r.counted) return gaps_.Arrived(r.active, rate_.PerSecond());
  if (media_known_) bank_.media.Add(r);
  CountEvidence(r.active);
  bank_.unanswered.Succeeded();
  bank_.sources.Succeeded(r.network, r.active);
  bank_.setup_shift.Add(r.active - r.start);
  baseline_.LearnSetup(r.active - r.start);
}

void Judge::OnConcluded(const AttemptRecord& r, Time now) {
  if (!r.acknowledged && r.outcome == Outcome::kRefused) bank_.unanswered.Refused(r);
  if (r.acknowledged && IsCounted(Detector::kNoneActive, r)) {
    FailureRunLength& runs = bank_.attempts.failure_runs();
    r.active != Time{} ? runs.Succeeded(r.start) : runs.Failed(r.start);
  }
  for (const Detector d : kDetectorsByArrival) {
    const Contribution c = ContributionOf(d, r, now, bank_.attempts.contributions());
    if (c.kind == Contribution::Kind::kNeutral || !IsCounted(d, r)) continue;
    const bool failed = c.kind == Contribution::Kind::kFailure;
    baseline_.Learn(d, failed);
    if (failed && d == Detector::kNeverActive) CountEvidence(now);
    CountRecovery(d, r, c);
  }
  if (r.start < judged_from_) return;
  if (bank_.attempts.Commit(r, now)) ++capped_;
  bank_.setup_shift.Commit(r, now);
}

// It was no failure: its contribution is taken back where that is still possible, and it is a success.
void Judge::OnLate(const AttemptRecord& before, const AttemptRecord& r, Time now) {
  for (const Detector d : kDetectorsByArrival) {
    const Contribution old = ContributionOf(d, before, now, bank_.attempts.contributions());
    const Contribution c = ContributionOf(d, r, now, bank_.attempts.contributions());
    const bool was_failure = old.kind == Contribution::Kind::kFailure && IsCounted(d, before);
    const bool is_failure = c.kind == Contribution::Kind::kFailure;  // late setups are slow ones
    if (c.kind == Contribution::Kind::kNeutral || !IsCounted(d, r)) continue;
    if (is_failure || !was_failure || !baseline_.RetractFailure(d)) baseline_.Learn(d, is_failure);
    CountRecovery(d, r, c);
  }
  if (r.start >= judged_from_) bank_.attempts.CommitLate(before, r, now);
}

void Judge::OnDropConcluded(const AttemptRecord& r, Time now) {
  const Contribution c = EarlyDropContribution(r, now, bank_.attempts.contributions());
  if (c.kind == Contribution::Kind::kNeutral) return;
  baseline_.Learn(Detector::kEarlyDrop, c.kind == Contribution::Kind::kFailure);
  CountRecovery(Detector::kEarlyDrop, r, c);
  // New calls that stay served for 30 s show that the node no longer mutes them.
  CountRecovery(Detector::kCallsMuted, r, c);
  if (r.start >= judged_from_) bank_.attempts.CommitDrop(r, now);
}

// An attempt to which the node sends is a success, even where others do not send.
void Judge::CountMediaRecovery(const MediaRecord& r) {
  if (!IsMedia(deciding_)) return;
  const bool of_data = deciding_ == Detector::kNoDataToSenders;
  const bool sent = FirstSeen(r, of_data ? kDataOut : kRtpOut) != Time{};
  const MediaKind kind = of_data ? MediaKind::kDataToSenders : MediaKind::kRtpToSenders;
  const MediaContribution c = MediaContributionOf(kind, r, now_);
  const bool in_vain =
      c.contribution.kind == Contribution::Kind::kPending && c.age > bank_.media.UsualTime(deciding_);
  if (sent || in_vain) recovery_.Count(r.offered, in_vain);
}

// Calls that are heard show that the node's media arrives again, however long they have run.
void Judge::ObserveReports(const AttemptEvent& e) {
  const auto unheard = bank_.unheard.Observe(e, recovery_.since());
  if (unheard && deciding_ == Detector::kMediaNotReceived) recovery_.Count(e.at, *unheard);
}

void Judge::CountEvidence(Time at) {
  ++counted_since_unknown_;
  last_counted_ = std::max(last_counted_, at);
}

void Judge::CountRecovery(Detector d, const AttemptRecord& r, Contribution c) {
  if (d == deciding_) recovery_.Count(r.start, c.kind == Contribution::Kind::kFailure);
}

}  // namespace candor
