// SPDX-License-Identifier: Apache-2.0
//
// The verdict as others see it.
#include <cassert>

#include "verdict/explain.h"
#include "verdict/judge_impl.h"

namespace candor {

// `with_held_back`: where the guards hold an alarm back, the figures that would have raised it are shown.
void Judge::Impl::Fill(const SequentialTest& t, bool with_held_back) {
  const bool held_back = with_held_back && t.unguarded_score() >= t.h() && t.z() < t.h();
  const EvidenceSummary& tally = held_back ? t.unguarded_summary() : t.tally();
  verdict_.detector = std::string(Name(t.detector()));
  verdict_.score = held_back ? t.unguarded_score() : t.z();
  verdict_.threshold = t.h();
  verdict_.baseline_failure_rate = t.usual();
  verdict_.severity = t.Severity();
  verdict_.counted = tally.counted();
  verdict_.failed = tally.failed();
  verdict_.networks = static_cast<uint64_t>(tally.networks());
  verdict_.window = tally.since() == Time{} ? Duration(0) : now_ - tally.since();
  verdict_.waiting_on = tally.waiting_on();
  verdict_.stuck_phase = tally.failed() > 0 ? tally.CommonestPhase() : Phase::kNone;
  verdict_.examples.clear();
  for (const EvidenceSummary::Heavy& h : tally.heaviest()) {
    if (h.weight > 0) verdict_.examples.push_back({h.id, static_cast<double>(h.weight)});
  }
}

// The figures are for people: every second while there is something to see, every five while all is well.
bool Judge::Impl::RefreshDue() const {
  const bool calm = health_.state() == State::kHealthy && !shown_.doubt && !shown_.client_networks;
  return now_ - published_ >= (calm ? std::chrono::seconds(5) : std::chrono::seconds(1));
}

void Judge::Impl::Publish(const Findings& found, bool changed) {
  verdict_.state = health_.state();
  Findings f = found;
  // What harmed has passed and lingers a little: it is still the reason.
  const bool lingers = !changed && verdict_.state == State::kDegraded && f.harm == Harm::kNone && !f.doubt;
  if (lingers) {
    f.harm = shown_.harm, f.harmed = shown_.harmed, f.measured = shown_.measured;
    f.usual_time = shown_.usual_time, f.usual_missing = shown_.usual_missing, f.limit = shown_.limit;
  }
  verdict_.since = health_.since();
  verdict_.at = now_;
  verdict_.clears_in = health_.ClearsIn(now_);
  verdict_.ignored_retry = evidence_.ignored_retry();
  verdict_.ignored_unacknowledged = evidence_.ignored_unacknowledged();
  verdict_.ignored_capped = capped_;
  const bool other_reason =
      f.harm != shown_.harm || f.client_networks != shown_.client_networks || f.silence != shown_.silence;
  if (!changed && !other_reason && !RefreshDue()) return;
  published_ = now_;
  shown_ = f;
  Findings shown = f;
  if (verdict_.state == State::kFailing) {
    shown = alarm_;  // its figures were filled in when it fired and stand until it clears
  } else if (verdict_.state != State::kProbation) {
    const bool degraded = verdict_.state == State::kDegraded;
    if (f.doubt && f.harm == Harm::kNone && !f.client_networks) shown.harmed = f.doubtful;
    Fill(TestOf(shown.harmed), degraded || f.client_networks);
    if (degraded) sockets_.Fill(f.harm, &verdict_);
    if (verdict_.state == State::kHealthy || verdict_.state == State::kUnknown) verdict_.detector.clear();
  }
  verdict_.detectors.clear();
  for (const SequentialTest& t : bank_.tests()) {
    verdict_.detectors.push_back(
        {std::string(Name(t.detector())), t.z(), t.h(), t.usual(), t.detector() != Detector::kSlowSetup});
  }
  media_.Show(&verdict_);
  if (const SequentialTest& t = shift_.test(); shift_.limit() != Duration::max()) {
    verdict_.detectors.push_back({std::string(Name(t.detector())), t.z(), t.h(), t.usual(), false});
  }
  sockets_.Show(&verdict_);
  Explain(shown, &verdict_);
  assert(FiredBesideHealthy(verdict_) == nullptr);
}

}  // namespace candor
