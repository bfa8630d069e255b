// SPDX-License-Identifier: Apache-2.0
//
// What the judge takes from its docket: which attempt teaches which channel, and when.
#include "verdict/judge_impl.h"

namespace candor {

void Judge::Impl::OnOffered(const AttemptRecord& r) {
  last_offered_ = std::max(last_offered_, r.start);
  if (!r.unvouched_witness) return;
  successes_.Offered();
  unvouched_rate_ += 0.1;
  if (unanswered_in_a_row_++ == 0) unanswered_since_ = r.start;
  if (r.network.trusted) ++trusted_unanswered_;
}

void Judge::Impl::OnVouched(const AttemptRecord& r, Time at) {
  if (r.unvouched_witness) {
    unvouched_rate_ = std::max(0.0, unvouched_rate_ - 0.1);
    successes_.Acknowledged();
  }
  last_vouched_ = at;
  looked_since_vouch_ = false;
  unanswered_in_a_row_ = trusted_unanswered_ = 0;
  vouches_.Vouched(at);
  if (!r.witness) return;
  ++counted_;
  rate_.Count(r.start);
  usual_networks_.Count(r.network, at);
  baseline_.LearnVouch(at - r.start);
}

void Judge::Impl::OnActive(const AttemptRecord& r) {
  if (!r.witness) return;
  if (media_told_) media_.Began(r);
  CountEvidence(r.active);
  successes_.Succeeded();
  succeeded_.Count(r.network, r.active);
  shift_.Came(r.active - r.start);
  baseline_.LearnSetup(r.active - r.start);
}

void Judge::Impl::OnSettled(const AttemptRecord& r, Time now) {
  if (!r.vouched && r.outcome == Outcome::kRefused) refusals_.Count(r.network, r.start);
  if (r.vouched && Counts(Channel::kNoneActive, r)) {
    r.active != Time{} ? usual_row_.Succeeded(r.start) : usual_row_.Failed(r.start);
  }
  for (const Channel c : kByArrival) {
    const Stance s = StanceOf(c, r, now, panel_.stances());
    if (s.kind == Stance::Kind::kSilent || !Counts(c, r)) continue;
    const bool failed = s.kind == Stance::Kind::kAgainstNode;
    baseline_.Learn(c, failed);
    if (failed && c == Channel::kNeverActive) CountEvidence(now);
    CountRecovery(c, r, s);
  }
  if (r.start < judged_from_) return;
  if (panel_.Commit(r, now)) ++capped_;
  shift_.Commit(r, now);
}

// It was no failure: what it said is taken back where that is still possible, and it says that all is well.
void Judge::Impl::OnLate(const AttemptRecord& before, const AttemptRecord& r, Time now) {
  for (const Channel c : kByArrival) {
    const Stance said = StanceOf(c, before, now, panel_.stances());
    const Stance says = StanceOf(c, r, now, panel_.stances());
    const bool was_failure = said.kind == Stance::Kind::kAgainstNode && Counts(c, before);
    const bool is_failure = says.kind == Stance::Kind::kAgainstNode;  // late setups are slow ones
    if (says.kind == Stance::Kind::kSilent || !Counts(c, r)) continue;
    if (is_failure || !was_failure || !baseline_.TakeBackFailure(c)) baseline_.Learn(c, is_failure);
    CountRecovery(c, r, says);
  }
  if (r.start >= judged_from_) panel_.CommitLate(before, r, now);
}

void Judge::Impl::OnDropSettled(const AttemptRecord& r, Time now) {
  const Stance s = EarlyDropStance(r, now, panel_.stances());
  if (s.kind == Stance::Kind::kSilent) return;
  baseline_.Learn(Channel::kEarlyDrop, s.kind == Stance::Kind::kAgainstNode);
  CountRecovery(Channel::kEarlyDrop, r, s);
  if (r.start >= judged_from_) panel_.CommitDrop(r, now);
}

// An attempt to which the node sends is well, whoever else does not send.
void Judge::Impl::CountMediaRecovery(const MediaRecord& r) {
  if (!IsMedia(deciding_)) return;
  const bool of_data = deciding_ == Channel::kNoDataToSenders;
  const bool well = Came(r, of_data ? kDataOut : kRtpOut) != Time{};
  const MediaKind owed = of_data ? MediaKind::kDataToSenders : MediaKind::kRtpToSenders;
  const MediaAnswer a = AnswerOf(owed, r, now_);
  const bool in_vain = a.stance.kind == Stance::Kind::kPending && a.age > media_.UsualTime(deciding_);
  if (well || in_vain) recovery_.Count(r.offered, in_vain);
}

void Judge::Impl::CountEvidence(Time at) {
  ++counted_lately_;
  last_counted_ = std::max(last_counted_, at);
}

void Judge::Impl::CountRecovery(Channel c, const AttemptRecord& r, Stance s) {
  if (c != deciding_) return;
  recovery_.Count(r.start, s.kind == Stance::Kind::kAgainstNode);
}

}  // namespace candor
