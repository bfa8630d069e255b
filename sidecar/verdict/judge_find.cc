// SPDX-License-Identifier: Apache-2.0
//
// What the detectors' figures amount to: alarm, doubt, harm, or trouble on the clients' side.
#include "verdict/judge_impl.h"

namespace candor {
namespace {

constexpr int kEnoughNetworks = 4;  // so many must agree: each counts for at most a quarter of an alarm

// The more a detector knows about who is at fault, the earlier it is named.
constexpr std::array<Detector, 5> kByPrecision = {Detector::kWaitingOnNode, Detector::kNeverActiveAlive,
                                                  Detector::kNeverActive, Detector::kNoneActive,
                                                  Detector::kEarlyDrop};

bool Fired(const SequentialTest& t) { return t.z() >= t.h(); }
bool InDoubt(const SequentialTest& t) { return t.z() >= t.h() / 2; }

// Switches on at the threshold and off at half of it.
void Hold(bool on, bool off, bool* state) { *state = on || (*state && !off); }

}  // namespace

Findings Judge::Impl::Find() {
  Findings f;
  bool deaf = false;
  const bool nobody = HonoursNobody(&deaf);
  FindFrozen(nobody, deaf, &f);
  for (const Detector c : kByPrecision) {
    const SequentialTest& t = bank_.test(c);
    if (Fires(t) && !f.alarm) f.alarm = c;
    if (InDoubt(t) && !f.doubt) f.doubt = true, f.doubtful = c;
  }
  if (const auto media = media_.alarm(); media && !f.alarm) f.alarm = media, Describe(*media, &f);
  if (const auto media = media_.doubt(); media && !f.doubt) f.doubt = true, f.doubtful = *media;
  FindHarm(nobody, &f);
  f.silence = Why();
  f.measured = Measure();
  const bool serving_trouble = health_.state() == State::kFailing || health_.state() == State::kProbation;
  if (serving_trouble) baseline_.ExcludeAll(), media_.ExcludeAll();
  if (shift_.test().Doubtful()) baseline_.Exclude(Detector::kSlowSetup);
  for (const SequentialTest& t : bank_.tests()) {
    if (t.Doubtful()) baseline_.Exclude(t.detector());
  }
  return f;
}

UnknownCause Judge::Impl::Why() const {
  if (counted_ == 0) return UnknownCause::kNoEvidence;
  return last_counted_ == Time{} || Fresh() ? UnknownCause::kTooLittle : UnknownCause::kStale;
}

// A row of clients that leave is no total failure on a node that has come out of such rows before.
bool Judge::Impl::Fires(const SequentialTest& t) const {
  // Those who have just come look like failures too.
  constexpr uint64_t kNewcomers = 2;
  if (!Fired(t)) return false;
  const size_t usual = usual_row_.Longest();
  return t.detector() != Detector::kNoneActive || usual == 0 || t.tally().failed() > usual + kNewcomers;
}

// Would be an alarm, did not so few networks speak.
bool Judge::Impl::HeldBack(const SequentialTest& t) const {
  return t.unguarded_score() >= t.h() && !Fired(t);
}

// Whether setups are slow: at the slow end, or as a whole.
bool Judge::Impl::FindSlow() {
  const SequentialTest &slow = bank_.test(Detector::kSlowSetup), &shift = shift_.test();
  bool& slowed = harming_[Index(Detector::kSlowSetup)];
  // Clients that fail by themselves look slow before they look failed.
  const bool client_side = HeldBack(bank_.test(Detector::kNeverActive));
  Hold(Fired(slow) && !client_side, !InDoubt(slow), &slowed);
  Hold(Fired(shift) && !client_side, !InDoubt(shift), &shifted_);
  return slowed || shifted_;
}

// Where so few networks are usual that the caps let no alarm pass, what they hold back is said as well.
void Judge::Impl::FindMedia(Findings* f) {
  std::optional<Detector> harm = media_.harm();
  const bool few = usual_networks_.Lately(now_) < kEnoughNetworks;
  for (const Detector c : kAllMediaDetectors) {
    if (!harm && few && media_.held_back(c)) harm = c;
  }
  if (!harm) return;
  f->harm = Harm::kMediaMissing;
  f->harmed = *harm;
  Describe(*harm, f);
}

void Judge::Impl::Describe(Detector media, Findings* f) const {
  f->usual_time = media_.UsualTime(media);
  f->usual_missing = media_.Missing(media);
}

void Judge::Impl::FindHarm(bool nobody, Findings* f) {
  const bool slowed = FindSlow();
  FindHeldBack(nobody, f);
  FindRefusals();
  if (trusted_fail_) {
    f->harm = Harm::kTrustedAlone;
  } else if (few_) {
    f->harm = Harm::kTooFewSources;
  } else if (flood_) {
    f->harm = Harm::kFlood, f->harmed = Detector::kFrozen;
  } else if (unanswered_idle_) {
    f->harm = Harm::kUnansweredIdle, f->harmed = Detector::kFrozen;
  } else if (refuses_) {
    f->harm = Harm::kRefusesAll, f->harmed = Detector::kFrozen;
  } else if (unanswered_) {
    f->harm = Harm::kUnanswered, f->harmed = Detector::kFrozen;
  } else if (FindMedia(f); f->harm != Harm::kNone) {
    return;  // no media at all is worse than some that is lost
  } else if (const Harm lost = sockets_.harm(); lost != Harm::kNone) {
    f->harm = lost;  // a cause; slow setups are what comes of it
  } else if (slowed) {
    f->harm = Harm::kSlowSetup;
    f->harmed = harming_[Index(Detector::kSlowSetup)] ? Detector::kSlowSetup : Detector::kSetupShift;
    f->usual_time = shift_.usual_median(), f->limit = shift_.limit();
  } else if (!f->alarm) {
    FindUnexplained(f);
  }
}

// What the guards hold back: an alarm from too few networks, or a few networks that fail by themselves.
void Judge::Impl::FindHeldBack(bool nobody, Findings* f) {
  bool still = false, alone = false, others = false;
  for (const Detector c : kAllDetectors) {
    if (c == Detector::kSlowSetup || (c == Detector::kFrozen && !nobody)) continue;
    const SequentialTest& t = bank_.test(c);
    if (t.unguarded_score() < t.h() / 2) continue;
    still = true;
    others = others || OthersSucceed(t);
    if (!HeldBack(t)) continue;
    f->held = true;
    alone = alone || t.trusted_alone();
    f->harmed = c;
  }
  Hold(alone, !still, &trusted_fail_);
  if (!f->held) held_since_ = now_;
  // Only what lasts is trouble of theirs: a failing node looks like it until four networks have spoken.
  const bool lasts = f->held && now_ - held_since_ > options_.deadline;
  const bool many = usual_networks_.Lately(now_) >= kEnoughNetworks;
  // Many networks today are no witnesses tonight, when two come and both fail.
  Hold(f->held && (!many || (lasts && !others)), !still || (many && others), &few_);
  f->client_networks = lasts && many && others;
  if (!few_ && !trusted_fail_ && !f->client_networks) f->harmed = Detector::kNeverActive;
}

// Other networks than those that fail have had attempts become active since that began: they would not in a
// node that fails all.
bool Judge::Impl::OthersSucceed(const SequentialTest& t) const {
  constexpr int kOthers = 2;
  const EvidenceSummary& failing = t.unguarded_summary();
  const Time since = std::max(failing.since(), now_ - options_.fresh);
  return succeeded_.Since(since, failing.failed_networks()) >= kOthers;
}

// No detector that has fired stands beside HEALTHY, whatever the guards above make of it.
void Judge::Impl::FindUnexplained(Findings* f) const {
  for (const SequentialTest& t : bank_.tests()) {
    if (Fired(t)) f->harm = Harm::kUnexplained, f->harmed = t.detector();
  }
  if (Fired(shift_.test())) f->harm = Harm::kUnexplained, f->harmed = Detector::kSetupShift;
}

}  // namespace candor
