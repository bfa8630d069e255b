// SPDX-License-Identifier: Apache-2.0
#include "verdict/judge.h"

#include <algorithm>
#include <utility>

#include "verdict/baseline_text.h"

namespace candor {
namespace {

ContributionOptions Contributions(const JudgeOptions& o) {
  return {.deadline = o.deadline, .leave_grace = o.leave_grace};
}

AttemptEvidenceOptions EvidenceOptionsOf(const JudgeOptions& o) {
  return {.contribution = Contributions(o),
          .networks = {o.network_bits_v4, o.network_bits_v6, o.trusted_sources, o.nat64_prefixes},
          .retry_silence = o.retry_silence,
          .max_attempts = o.max_attempts};
}

double SurgeWidening(double surge) {
  if (surge < rule::kSurge) return 1;
  return surge < rule::kLargeSurge ? rule::kSurgeWidening : rule::kLargeSurgeWidening;
}

// Worth a decision at once.
bool IsStrong(const AttemptEvent& e) {
  using Kind = AttemptEvent::Kind;
  return e.kind == Kind::kDead || (e.kind == Kind::kWaitingOn && e.waiting_on == WaitingOn::kNode) ||
         (e.kind == Kind::kClosed && e.outcome == Outcome::kStalled);
}

}  // namespace

Judge::Judge(JudgeOptions options)
    : options_(std::move(options)),
      evidence_(EvidenceOptionsOf(options_), this),
      gaps_(rule::kCeasedBudget * options_.false_alarms_per_month),
      bank_(options_, Contributions(options_)),
      health_(options_.deadline) {
  Tune(true);
  writer_.Write(Findings{}, true, Ignored(), now_);
}

bool Judge::Observe(const AttemptEvent& e) {
  now_ = std::max(now_, e.at);
  media_known_ = e.media_known;
  evidence_.Observe(e);
  if (e.media_known) bank_.media.Observe(e);
  bank_.muted.Observe(e);
  ObserveReports(e);
  // A little apart, so that a burst costs no more.
  if (IsStrong(e) && now_ - decided_ >= options_.tick / 5) return Tick(now_);
  return Changed();
}

void Judge::ObserveNode(const NodeActivity& activity) {
  now_ = std::max({now_, activity.last_in, activity.last_out});
  bank_.unanswered.ObserveNode(activity, now_, !bank_.test(Detector::kFrozen).in_doubt());
  bank_.faults.ObserveNode(activity);
}

void Judge::ObserveSockets(const SocketCounts& counts) {
  bank_.sockets.Observe(counts);
  writer_.causes().ObserveSockets(counts);
}

const Verdict& Judge::verdict() const { return writer_.verdict(); }

bool Judge::Tick(Time now) {
  now_ = std::max(now_, now);
  evidence_.Conclude(now_);
  bank_.media.Conclude(now_, judged_from_, [this](const MediaRecord& r) { CountMediaRecovery(r); });
  Learn();
  Decide();
  return Changed();
}

bool Judge::Changed() {
  const Verdict& v = verdict();
  if (v.state == reported_state_ && v.reason == reported_reason_ && v.cause.code == reported_cause_)
    return false;
  reported_state_ = v.state;
  reported_reason_ = v.reason;
  reported_cause_ = v.cause.code;
  return true;
}

void Judge::Learn() {
  rate_.Advance(now_);
  const bool media_learned = bank_.Advance(now_, KeptAway());
  const bool learned = baseline_.Advance(now_) || media_learned;
  const Widening widening = FindWidening();
  if (!learned && widening == widening_ && now_ - tuned_ < rule::kRetune) return;
  tuned_ = now_;
  widening_ = widening;
  Tune(learned);
}

Widening Judge::FindWidening() {
  Widening w{SurgeWidening(rate_.Surge(now_)), 1};
  // Sixteen arrivals of a surge are now and then as far apart as usual, and its last setups are slow when it
  // is over.
  if (w.surge >= rule::kLargeSurgeWidening) surge_until_ = now_ + options_.deadline;
  if (now_ < surge_until_) w.surge = rule::kLargeSurgeWidening;
  // Slow setups are not failing as long as they come up as late as the others do.
  if (bank_.setup_shift.harms())
    w.slowdown = std::max(widening_.slowdown, bank_.setup_shift.Slowdown(baseline_));
  return w;
}

void Judge::Tune(bool learned) { bank_.Tune(baseline_, rate_.PerSecond(), now_, widening_, learned); }

void Judge::Decide() {
  decided_ = now_;
  bank_.Weigh(evidence_, now_, judged_from_, writer_.RefreshDue(now_));
  const ArrivalGap gap = gaps_.Present(now_);
  bank_.faults.Advance(now_, gap, bank_.unanswered.silent(now_));
  Findings f = bank_.Find(now_, KeptAway() && deciding_ != Detector::kFrozen);
  f.measured.arrivals = gap;
  f.unknown_cause = WhyUnknown(f.measured.arrivals);
  if (KeptAway()) baseline_.ExcludeAll(), bank_.media.ExcludeAll(), gaps_.Forget();
  bank_.ExcludeDoubtful(&baseline_);
  const State before = health_.state();
  const State after = health_.Step(Inputs(f));
  if (after != before) Enter(before, f);
  // A detector that names the cause more precisely has fired meanwhile.
  const auto& alarm = writer_.alarm().alarm;
  const bool more_precise = after == State::kFailing && before == after && f.alarm && alarm &&
                            (Precision(*f.alarm) > Precision(*alarm) || NewlyDropped(*f.alarm));
  if (more_precise) writer_.SetAlarm(f, *f.alarm, now_);
  writer_.Write(f, after != before || more_precise, Ignored(), now_);
}

// The kernel's drops name the cause more precisely than any detector.
bool Judge::NewlyDropped(Detector d) const {
  return MostlyDropped(bank_.test(d).summary()) && !MostlyDropped(verdict().dropped, verdict().failed);
}

void Judge::Enter(State before, const Findings& f) {
  const State state = health_.state();
  if (state == State::kUnknown) counted_since_unknown_ = 0;
  if (state == State::kFailing) {
    deciding_ = f.alarm.value_or(f.doubtful);  // a relapse needs no more than doubt
    writer_.SetAlarm(f, deciding_, now_);
  }
  if (!KeptAway()) return bank_.unheard.Settle();
  const SequentialTest& t = bank_.test(deciding_);
  const bool relapse_or_return = before == State::kProbation || state == State::kProbation;
  recovery_.Begin(now_, relapse_or_return ? verdict().severity : t.Severity(), t.baseline_rate());
  judged_from_ = now_;
  bank_.Reset();
}

HealthInputs Judge::Inputs(const Findings& f) const {
  return {
      .now = now_,
      .alarm = f.alarm.has_value(),
      .doubt = f.doubt,
      .harm = f.harm != Harm::kNone,
      .enough = static_cast<double>(counted_since_unknown_) >= bank_.test(Detector::kNeverActive).Needed(),
      .ceased = f.measured.arrivals.ceased(),
      .fresh = Fresh(),
      .traffic = bank_.unanswered.OfferedWithin(rule::kTraffic, now_),
      .stands = bank_.faults.stands() || bank_.reported.stands(now_) || bank_.unheard.alarm(),
      .recovery = recovery_.Sum()};
}

UnknownCause Judge::WhyUnknown(const ArrivalGap& gap) const {
  if (gap.ceased()) return UnknownCause::kCeased;
  if (counted_ == 0) return UnknownCause::kNoEvidence;
  return last_counted_ == Time{} || Fresh() ? UnknownCause::kTooLittle : UnknownCause::kStale;
}

std::string Judge::SaveBaseline() const {
  std::optional<SavedAlarm> alarm;
  if (const auto health = health_.Save(now_)) alarm = writer_.Save(*health, deciding_);
  return ToText({baseline_.Export(), rate_.PerSecond(), bank_.attempts.failure_runs().seen(), alarm,
                 bank_.sockets.learned(), bank_.media.learned(), gaps_.Save(now_), bank_.joins.Save(),
                 bank_.unanswered.Save()});
}

Result<void> Judge::RestoreBaseline(std::string_view text, Duration age, Time now) {
  if (age < Duration(0)) return Fail("saved baseline: it cannot be younger than now");
  const auto saved = ParseBaseline(text);
  if (!saved) return tl::make_unexpected(saved.error());
  now_ = std::max(now_, now);
  baseline_.Import(saved->state, age, now_);
  rate_.Restore(saved->per_second);
  bank_.attempts.failure_runs().Restore(saved->runs, age);
  bank_.sockets.Relearn(saved->sockets);
  bank_.media.Relearn(saved->media, age);
  gaps_.Restore(saved->arrivals, age, now_);
  bank_.joins.Restore(saved->sessions, age);
  bank_.unanswered.Restore(saved->unanswered, age);
  Tune(true);
  if (!saved->alarm || !health_.Restore(saved->alarm->health, age, now_)) return {};
  deciding_ = saved->alarm->detector;
  recovery_.Begin(now_, saved->alarm->figures.severity, bank_.test(deciding_).baseline_rate());
  if (deciding_ == Detector::kMediaNotReceived) bank_.unheard.Resume(now_);
  judged_from_ = now_;  // attempts that began before the restart belong to this alarm
  writer_.Restore(*saved->alarm, Ignored(), now_);
  return {};
}

void Judge::ResetBaseline() {
  baseline_ = Baseline();
  bank_.attempts.failure_runs() = FailureRunLength();
  gaps_ = ArrivalGaps(rule::kCeasedBudget * options_.false_alarms_per_month);
  bank_.unanswered.ResetBaseline();
  bank_.joins = JoinsDetector(rule::kJoinsBudget * options_.false_alarms_per_month);
  bank_.reported = ReportedJoinsDetector(rule::kReportedJoinsBudget * options_.false_alarms_per_month);
  bank_.sockets.Relearn({});
  bank_.media.Relearn({}, Duration(0));
  bank_.unheard.ResetBaseline();
  if (KeptAway() && deciding_ == Detector::kMediaNotReceived) bank_.unheard.Resume(now_);
  Tune(true);
}

}  // namespace candor
