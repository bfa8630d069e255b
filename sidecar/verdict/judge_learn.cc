// SPDX-License-Identifier: Apache-2.0
//
// What the judge takes from its evidence: which attempt teaches which detector, and when.
#include "verdict/judge_impl.h"

namespace candor {

void Judge::Impl::OnOffered(const AttemptRecord& r) {
  last_offered_ = std::max(last_offered_, r.start);
  if (!r.counted_if_offered) return;
  successes_.Offered();
  unvouched_rate_ += 0.1;
  if (unanswered_in_a_row_++ == 0) unanswered_since_ = r.start;
  if (r.network.trusted) ++trusted_unanswered_;
}

void Judge::Impl::OnAcknowledged(const AttemptRecord& r, Time at) {
  if (r.counted_if_offered) {
    unvouched_rate_ = std::max(0.0, unvouched_rate_ - 0.1);
    successes_.Acknowledged();
  }
  last_acknowledged_ = at;
  looked_since_vouch_ = false;
  unanswered_in_a_row_ = trusted_unanswered_ = 0;
  ack_rate_.Acknowledged(at);
  if (!r.counted) return;
  ++counted_;
  rate_.Count(r.start);
  usual_networks_.Count(r.network, at);
  baseline_.LearnAcknowledgement(at - r.start);
}

void Judge::Impl::OnActive(const AttemptRecord& r) {
  if (!r.counted) return;
  if (media_known_) media_.Add(r);
  CountEvidence(r.active);
  successes_.Succeeded();
  succeeded_.Count(r.network, r.active);
  shift_.Came(r.active - r.start);
  baseline_.LearnSetup(r.active - r.start);
}

void Judge::Impl::OnConcluded(const AttemptRecord& r, Time now) {
  if (!r.acknowledged && r.outcome == Outcome::kRefused) refusals_.Count(r.network, r.start);
  if (r.acknowledged && IsCounted(Detector::kNoneActive, r)) {
    r.active != Time{} ? usual_row_.Succeeded(r.start) : usual_row_.Failed(r.start);
  }
  for (const Detector c : kDetectorsByArrival) {
    const Contribution s = ContributionOf(c, r, now, bank_.contributions());
    if (s.kind == Contribution::Kind::kNeutral || !IsCounted(c, r)) continue;
    const bool failed = s.kind == Contribution::Kind::kFailure;
    baseline_.Learn(c, failed);
    if (failed && c == Detector::kNeverActive) CountEvidence(now);
    CountRecovery(c, r, s);
  }
  if (r.start < judged_from_) return;
  if (bank_.Commit(r, now)) ++capped_;
  shift_.Commit(r, now);
}

// It was no failure: what it said is taken back where that is still possible, and it says that all is well.
void Judge::Impl::OnLate(const AttemptRecord& before, const AttemptRecord& r, Time now) {
  for (const Detector c : kDetectorsByArrival) {
    const Contribution said = ContributionOf(c, before, now, bank_.contributions());
    const Contribution says = ContributionOf(c, r, now, bank_.contributions());
    const bool was_failure = said.kind == Contribution::Kind::kFailure && IsCounted(c, before);
    const bool is_failure = says.kind == Contribution::Kind::kFailure;  // late setups are slow ones
    if (says.kind == Contribution::Kind::kNeutral || !IsCounted(c, r)) continue;
    if (is_failure || !was_failure || !baseline_.RetractFailure(c)) baseline_.Learn(c, is_failure);
    CountRecovery(c, r, says);
  }
  if (r.start >= judged_from_) bank_.CommitLate(before, r, now);
}

void Judge::Impl::OnDropConcluded(const AttemptRecord& r, Time now) {
  const Contribution s = EarlyDropContribution(r, now, bank_.contributions());
  if (s.kind == Contribution::Kind::kNeutral) return;
  baseline_.Learn(Detector::kEarlyDrop, s.kind == Contribution::Kind::kFailure);
  CountRecovery(Detector::kEarlyDrop, r, s);
  if (r.start >= judged_from_) bank_.CommitDrop(r, now);
}

// An attempt to which the node sends is well, whoever else does not send.
void Judge::Impl::CountMediaRecovery(const MediaRecord& r) {
  if (!IsMedia(deciding_)) return;
  const bool of_data = deciding_ == Detector::kNoDataToSenders;
  const bool well = FirstSeen(r, of_data ? kDataOut : kRtpOut) != Time{};
  const MediaKind waiting_on = of_data ? MediaKind::kDataToSenders : MediaKind::kRtpToSenders;
  const MediaContribution a = MediaContributionOf(waiting_on, r, now_);
  const bool in_vain =
      a.contribution.kind == Contribution::Kind::kPending && a.age > media_.UsualTime(deciding_);
  if (well || in_vain) recovery_.Count(r.offered, in_vain);
}

void Judge::Impl::CountEvidence(Time at) {
  ++counted_since_unknown_;
  last_counted_ = std::max(last_counted_, at);
}

void Judge::Impl::CountRecovery(Detector c, const AttemptRecord& r, Contribution s) {
  if (c != deciding_) return;
  recovery_.Count(r.start, s.kind == Contribution::Kind::kFailure);
}

}  // namespace candor
