// SPDX-License-Identifier: Apache-2.0
#include "verdict/detector_bank.h"

namespace candor {
namespace {

// The earlier, the more precisely it names the cause.
constexpr std::array<Detector, 5> kPreventing = {Detector::kWaitingOnNode, Detector::kNeverActiveAlive,
                                                 Detector::kNeverActive, Detector::kNoneActive,
                                                 Detector::kEarlyDrop};

}  // namespace

DetectorBank::DetectorBank(const JudgeOptions& o, const ContributionOptions& contributions)
    : attempts(o.false_alarms_per_month, o.smallest_share, contributions),
      media(o.false_alarms_per_month, o.deadline, o.max_attempts, o.role),
      muted(o, {o.network_bits_v4, o.network_bits_v6, o.trusted_sources, o.nat64_prefixes}),
      unheard(o, {o.network_bits_v4, o.network_bits_v6, o.trusted_sources, o.nat64_prefixes}),
      setup_shift(o.false_alarms_per_month, contributions),
      sockets(o.false_alarms_per_month),
      sources(o.deadline, o.fresh),
      joins(rule::kJoinsBudget * o.false_alarms_per_month),
      reported(rule::kReportedJoinsBudget * o.false_alarms_per_month) {}

bool DetectorBank::Advance(Time now, bool kept_away) {
  unanswered.Advance(now, attempts.test(Detector::kFrozen), kept_away);
  attempts.CountLost(unanswered.lost_counts());
  joins.Advance(now, kept_away);
  reported.Advance(now, kept_away);
  if (unanswered.Stale(now)) attempts.Reset(Detector::kFrozen);
  sockets.Advance(now);
  return media.Advance(now);
}

void DetectorBank::Tune(const Baseline& baseline, double per_second, Time now, const Widening& widening,
                        bool learned) {
  attempts.SetRate(per_second);
  media.SetRate(per_second);
  setup_shift.SetRate(per_second);
  unanswered.SetThreshold(attempts.test(Detector::kFrozen));
  attempts.Tune(baseline, now, widening, learned);
  media.Tune(widening.surge);
  setup_shift.Tune(baseline, widening.surge);
}

void DetectorBank::Weigh(const AttemptEvidence& evidence, Time now, Time from, bool exactly) {
  attempts.Weigh(evidence, now, from, exactly);
  media.Weigh(now, from, exactly);
  setup_shift.Weigh(evidence, now, from, exactly);
  muted.Weigh(now, sources.few_networks(now));
  unheard.Weigh(now);
}

void DetectorBank::Reset() {
  attempts.Reset();
  media.Reset();
  muted.Reset();
  unheard.Reset();
  setup_shift.Reset();
}

const SequentialTest& DetectorBank::test(Detector d) const {
  if (IsMedia(d)) return media.test(d);
  if (d == Detector::kCallsMuted) return muted.test();
  if (d == Detector::kMediaNotReceived) return unheard.test();
  return d == Detector::kSetupShift ? setup_shift.test() : attempts.test(d);
}

Findings DetectorBank::Find(Time now, bool kept_away) {
  Findings f;
  const bool none_acknowledged =
      unanswered.Find(attempts.test(Detector::kFrozen), sources.usual_networks(now), kept_away, now, &f);
  for (const Detector d : kPreventing) {
    if (attempts.Fires(d) && !f.alarm) f.alarm = d;
    if (attempts.test(d).in_doubt() && !f.doubt) f.doubt = true, f.doubtful = d;
  }
  f.measured.joins = joins.Evidence(now);
  f.measured.reported = reported.Evidence(now);
  if (const LocalFault* fault = joins.Localised(now); fault != nullptr && !faults.usual(*fault))
    f.measured.local_fault = fault->text;
  // A fact of this node explains it: else what is wrong may lie beyond.
  const bool localised = !f.measured.local_fault.empty() && (joins.fired() || reported.fired());
  // Or the server's own word and the sockets say the same of those who have joined on this very node.
  if ((localised || reported.confirmed()) && !f.alarm) {
    f.alarm = Detector::kNoneActive, f.joins = true;
  }
  FindFault(&f);
  if (const auto d = media.alarm(); d && !f.alarm) f.alarm = d, DescribeMedia(*d, &f);
  FindMuted(&f);
  FindUnheard(&f);
  if (const auto d = media.doubt(); d && !f.doubt) f.doubt = true, f.doubtful = *d;
  // Clients that fail by themselves look slow before they look failed.
  const bool clients_fail = attempts.test(Detector::kNeverActive).held_back();
  const SequentialTest& slow = attempts.test(Detector::kSlowSetup);
  slow_.Update(slow.fired() && !clients_fail, !slow.in_doubt());
  setup_shift.UpdateHarm(clients_fail);
  sources.Find(attempts, none_acknowledged, now, &f);
  FindHarm(now, &f);
  unanswered.Measure(now, &f.measured);
  f.measured.active_recently = sources.active_recently(now);
  f.measured.longest_failure_run = attempts.failure_runs().Longest();
  return f;
}

void DetectorBank::FindHarm(Time now, Findings* f) const {
  if (faults.harms()) {
    f->harm = Harm::kLocalFault;  // measured, so nothing else need be supposed
    f->harmed = Detector::kNoneActive;
    return;
  }
  if (f->harm = sources.harm(); f->harm != Harm::kNone) return;
  if (f->harm = unanswered.harm(); f->harm != Harm::kNone) {
    f->harmed = Detector::kFrozen;
  } else if (joins.fired() || reported.fired()) {
    f->harm = Harm::kJoinsWithoutMedia;
    f->harmed = Detector::kNoneActive;
  } else if (const auto d = media.harm(sources.few_networks(now))) {
    f->harm = Harm::kMediaMissing;  // missing media is worse than lost datagrams
    f->harmed = *d;
    DescribeMedia(*d, f);
  } else if (muted.harms()) {
    f->harm = Harm::kCallsMuted;
    f->harmed = Detector::kCallsMuted;
  } else if (unheard.harms()) {
    f->harm = Harm::kMediaNotReceived;
    f->harmed = Detector::kMediaNotReceived;
  } else if (f->harm = sockets.harm(); f->harm != Harm::kNone) {
    return;  // a cause; slow setups are what comes of it
  } else if (slow_ || setup_shift.harms()) {
    f->harm = Harm::kSlowSetup;
    f->harmed = slow_ ? Detector::kSlowSetup : Detector::kSetupShift;
    f->usual_time = setup_shift.usual_median(), f->limit = setup_shift.limit();
  } else if (!f->alarm) {
    FindUnexplained(f);
  }
}

// No detector that has fired stands beside HEALTHY, whatever the guards hold back.
void DetectorBank::FindUnexplained(Findings* f) const {
  for (const SequentialTest& t : attempts.tests()) {
    if (t.fired()) f->harm = Harm::kUnexplained, f->harmed = t.detector();
  }
  if (setup_shift.test().fired()) f->harm = Harm::kUnexplained, f->harmed = Detector::kSetupShift;
}

void DetectorBank::FindMuted(Findings* f) const {
  f->muted = muted.muted(), f->running = muted.running();
  if (muted.alarm() && !f->alarm) f->alarm = Detector::kCallsMuted;
}

void DetectorBank::FindUnheard(Findings* f) const {
  f->unheard = unheard.unheard(), f->reporting = unheard.reporting();
  if (unheard.alarm() && !f->alarm) f->alarm = Detector::kMediaNotReceived;
}

void DetectorBank::FindFault(Findings* f) const {
  if (faults.harms() || faults.alarm()) f->measured.local_fault = faults.fault().text;
  f->measured.unanswered = faults.unanswered();
  if (faults.alarm() && !f->alarm) f->alarm = Detector::kNoneActive, f->fault = true;
}

void DetectorBank::DescribeMedia(Detector d, Findings* f) const {
  f->usual_time = media.UsualTime(d);
  f->usual_missing = media.Missing(d);
}

void DetectorBank::ExcludeDoubtful(Baseline* baseline) const {
  if (setup_shift.test().Doubtful()) baseline->Exclude(Detector::kSlowSetup);
  for (const SequentialTest& t : attempts.tests()) {
    if (t.Doubtful()) baseline->Exclude(t.detector());
  }
}

}  // namespace candor
