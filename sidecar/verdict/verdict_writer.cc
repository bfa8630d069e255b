// SPDX-License-Identifier: Apache-2.0
#include "verdict/verdict_writer.h"

#include <cassert>
#include <utility>

#include "verdict/explain.h"
#include "verdict/explain_text.h"

namespace candor {

// `with_held_back`: where the guards hold an alarm back, the figures are those that would have raised it.
void VerdictWriter::Fill(const SequentialTest& t, bool with_held_back, Time now) {
  const bool held_back = with_held_back && t.held_back();
  const EvidenceSummary& summary = held_back ? t.unguarded_summary() : t.summary();
  verdict_.detector = std::string(Name(t.detector()));
  verdict_.score = held_back ? t.unguarded_score() : t.score();
  verdict_.threshold = t.threshold();
  verdict_.baseline_failure_rate = t.baseline_rate();
  verdict_.severity = t.Severity();
  verdict_.counted = summary.counted();
  verdict_.failed = summary.failed();
  verdict_.networks = static_cast<uint64_t>(summary.networks());
  verdict_.window = summary.since() == Time{} ? Duration(0) : now - summary.since();
  verdict_.waiting_on = summary.waiting_on();
  verdict_.dropped = DroppedOf(summary);
  verdict_.stuck_phase = summary.failed() > 0 ? summary.CommonestPhase() : Phase::kNone;
  verdict_.examples.clear();
  for (const EvidenceSummary::Example& e : summary.heaviest()) {
    if (e.weight > 0) verdict_.examples.push_back({e.id, static_cast<double>(e.weight)});
  }
}

void VerdictWriter::FillDetectors() {
  verdict_.detectors.clear();
  for (const SequentialTest& t : bank_.attempts.tests()) {
    verdict_.detectors.push_back(StatusOf(t, t.detector() != Detector::kSlowSetup));
  }
  bank_.media.Show(&verdict_);
  if (bank_.muted.judged()) verdict_.detectors.push_back(StatusOf(bank_.muted.test(), true));
  if (bank_.unheard.judged()) verdict_.detectors.push_back(StatusOf(bank_.unheard.test(), true));
  if (bank_.setup_shift.limit() != Duration::max())
    verdict_.detectors.push_back(StatusOf(bank_.setup_shift.test(), false));
  bank_.sockets.Show(&verdict_);
}

bool VerdictWriter::RefreshDue(Time now) const {
  const bool calm = health_.state() == State::kHealthy && !shown_.doubt && !shown_.client_networks;
  return now - refreshed_ >= (calm ? rule::kRefreshCalm : rule::kRefresh);
}

// PROBATION too: a relapse is an alarm again.
bool VerdictWriter::WantsFacts() const {
  const State s = health_.state();
  return s == State::kDegraded || s == State::kFailing || s == State::kProbation || shown_.doubt ||
         shown_.held;
}

void VerdictWriter::SetAlarm(const Findings& f, Detector deciding, Time now) {
  alarm_ = f;
  alarm_.alarm = deciding;
  Fill(bank_.test(deciding), false, now);
  if (alarm_.joins) FillJoins(alarm_.measured);
  if (alarm_.fault) FillFault(alarm_.measured.arrivals);
}

void VerdictWriter::FillJoins(const Measurements& m) {
  const bool reported = m.reported.fired;
  verdict_.detector = "joins_without_media";
  verdict_.score = reported ? m.reported.score : m.joins.score;
  verdict_.threshold = reported ? m.reported.threshold : m.joins.threshold;
  verdict_.window = reported ? m.reported.window : m.joins.window;
}

// The gap beside it.
void VerdictWriter::FillFault(const ArrivalGap& gap) {
  verdict_.detector = "local_fault";
  verdict_.score = gap.expected, verdict_.threshold = gap.limit;
  verdict_.counted = verdict_.failed = 0;
}

void VerdictWriter::Write(const Findings& found, bool changed, const Ignored& ignored, Time now) {
  verdict_.state = health_.state();
  verdict_.since = health_.since();
  verdict_.at = now;
  verdict_.clears_in = health_.ClearsIn(now);
  verdict_.ignored_retry = ignored.retry;
  verdict_.ignored_unacknowledged = ignored.unacknowledged;
  verdict_.ignored_capped = ignored.capped;
  verdict_.arrivals = found.measured.arrivals;
  verdict_.joins = found.measured.joins;
  verdict_.reported = found.measured.reported;
  Findings f = found;
  const bool degraded = verdict_.state == State::kDegraded;
  if (!changed && degraded && f.harm == Harm::kNone && !f.doubt) {
    // The harm has passed, and the state is held a little longer: it is still the reason.
    f.harm = shown_.harm, f.harmed = shown_.harmed, f.measured = shown_.measured;
    f.usual_time = shown_.usual_time, f.usual_missing = shown_.usual_missing, f.limit = shown_.limit;
    f.muted = shown_.muted, f.running = shown_.running;
    f.unheard = shown_.unheard, f.reporting = shown_.reporting;
  }
  const bool other_reason = f.harm != shown_.harm || f.client_networks != shown_.client_networks ||
                            f.unknown_cause != shown_.unknown_cause;
  if (!changed && !other_reason && !RefreshDue(now)) return;
  refreshed_ = now;
  shown_ = f;
  if (verdict_.state == State::kFailing) {
    f = alarm_;  // its figures are from when it fired
  } else if (verdict_.state != State::kProbation) {
    if (f.doubt && f.harm == Harm::kNone && !f.client_networks) f.harmed = f.doubtful;
    Fill(bank_.test(f.harmed), degraded || f.client_networks, now);
    if (degraded) bank_.sockets.Fill(f.harm, &verdict_);
    if (degraded && f.harm == Harm::kJoinsWithoutMedia) FillJoins(f.measured);
    if (degraded && f.harm == Harm::kLocalFault) FillFault(f.measured.arrivals);
    if (verdict_.state == State::kHealthy || verdict_.state == State::kUnknown) verdict_.detector.clear();
  }
  FillDetectors();
  verdict_.cause = {};
  Explain(f, &verdict_);
  verdict_.cause = causes_.Update(verdict_, f, now);
  ExplainCause(&verdict_);
  assert(FiredBesideHealthy(verdict_) == nullptr);
}

SavedAlarm VerdictWriter::Save(const HealthStateMachine::Saved& health, Detector deciding) const {
  return {health,       deciding,     alarm_.by_ack_rate,      alarm_.partly,
          alarm_.joins, alarm_.fault, alarm_.measured.sending, verdict_};
}

void VerdictWriter::Restore(const SavedAlarm& saved, const Ignored& ignored, Time now) {
  alarm_ = Findings{};
  alarm_.alarm = saved.detector;
  alarm_.by_ack_rate = saved.by_ack_rate;
  alarm_.partly = saved.partly, alarm_.joins = saved.joins, alarm_.fault = saved.fault;
  if (alarm_.fault) alarm_.measured.local_fault = saved.figures.cause.text;
  alarm_.measured.sending = saved.sending;
  auto detectors = std::move(verdict_.detectors);
  verdict_ = saved.figures;
  verdict_.detector = std::string(Name(saved.detector));
  if (alarm_.joins) verdict_.detector = "joins_without_media";
  if (alarm_.fault) verdict_.detector = "local_fault";
  verdict_.detectors = std::move(detectors);
  verdict_.state = health_.state();  // the cause is that of FAILING, or of PROBATION
  causes_.Restore(saved.figures.cause, verdict_, alarm_, now);
  Write(alarm_, true, ignored, now);
}

}  // namespace candor
