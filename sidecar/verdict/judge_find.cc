// SPDX-License-Identifier: Apache-2.0
//
// What the channels' figures amount to: alarm, doubt, harm, or trouble on the clients' side.
#include "verdict/judge_impl.h"

namespace candor {
namespace {

constexpr int kEnoughNetworks = 4;  // so many must agree: each counts for at most a quarter of an alarm

// The more a channel knows about who is at fault, the earlier it is named.
constexpr std::array<Channel, 5> kByPrecision = {Channel::kNodeOwed, Channel::kNeverActiveAlive,
                                                 Channel::kNeverActive, Channel::kNoneActive,
                                                 Channel::kEarlyDrop};

constexpr Duration kBusy = std::chrono::seconds(60);  // a node that answered so lately is at work

bool Fired(const ChannelTest& t) { return t.z() >= t.h(); }
bool InDoubt(const ChannelTest& t) { return t.z() >= t.h() / 2; }

// Switches on at the threshold and off at half of it.
void Hold(bool on, bool off, bool* state) { *state = on || (*state && !off); }

}  // namespace

Findings Judge::Impl::Find() {
  Findings f;
  bool deaf = false;
  const bool nobody = HonoursNobody(&deaf);
  FindFrozen(nobody, deaf, &f);
  for (const Channel c : kByPrecision) {
    const ChannelTest& t = panel_.test(c);
    if (Fires(t) && !f.alarm) f.alarm = c;
    if (InDoubt(t) && !f.doubt) f.doubt = true, f.doubtful = c;
  }
  if (const auto media = media_.alarm(); media && !f.alarm) f.alarm = media, Describe(*media, &f);
  if (const auto media = media_.doubt(); media && !f.doubt) f.doubt = true, f.doubtful = *media;
  FindHarm(nobody, &f);
  f.silence = Why();
  const bool serving_trouble = latch_.state() == State::kFailing || latch_.state() == State::kProbation;
  if (serving_trouble) baseline_.DoubtAll(), media_.DoubtAll();
  if (shift_.test().Doubtful()) baseline_.Doubt(Channel::kSlowSetup);
  for (const ChannelTest& t : panel_.tests()) {
    if (t.Doubtful()) baseline_.Doubt(t.channel());
  }
  return f;
}

Silence Judge::Impl::Why() const {
  if (counted_ == 0) return Silence::kNoEvidence;
  return last_counted_ == Time{} || Fresh() ? Silence::kTooLittle : Silence::kStale;
}

// A row of clients that leave is no total failure on a node that has come out of such rows before.
bool Judge::Impl::Fires(const ChannelTest& t) const {
  // Those who have just come look like failures too.
  constexpr uint64_t kNewcomers = 2;
  if (!Fired(t)) return false;
  const size_t usual = usual_row_.Longest();
  return t.channel() != Channel::kNoneActive || usual == 0 || t.tally().failed() > usual + kNewcomers;
}

// Would be an alarm, did not so few networks speak.
bool Judge::Impl::HeldBack(const ChannelTest& t) const { return t.unguarded_z() >= t.h() && !Fired(t); }

void Judge::Impl::FindFrozen(bool nobody, bool deaf, Findings* f) {
  const ChannelTest& t = panel_.test(Channel::kFrozen);
  if (nobody && Fired(t)) f->alarm = Channel::kFrozen, f->deaf = deaf;
  if (nobody && InDoubt(t)) f->doubt = true, f->doubtful = Channel::kFrozen;
  const bool falls = vouches_.Sum() >= 2;
  Hold(Fired(t) && !falls, !InDoubt(t), &flood_);
  const bool asked = now_ - last_offered_ <= kBusy;
  const bool idle = silence_.Unusual(now_) && !AtWork(silence_.asked_since());
  Hold(Fired(t) && idle && !nobody && asked, !InDoubt(t) || !idle || nobody || !asked, &unanswered_idle_);
}

// What began before the node last acknowledged anybody is over.
bool Judge::Impl::AtWork(Time then) const {
  return last_vouched_ != Time{} && then >= last_vouched_ && then - last_vouched_ <= kBusy;
}

// Forged checks can neither stop the real acknowledgements nor silence the node; a node that has failed
// does both. But a node without clients does both as well: the silence must have begun while it was at work,
// or four strangers who repeat forged checks take an idle node down. Trusted sources do not forge.
// `deaf`: it still sends to old flows.
bool Judge::Impl::HonoursNobody(bool* deaf) const {
  constexpr double kLikelyFallen = 3;
  const bool silenced = silence_.Unusual(now_) && (AtWork(silence_.asked_since()) || TrustedAreUnanswered());
  if (vouches_.Sum() >= kLikelyFallen && silenced) return true;
  const bool only_arrivals_rose = unvouched_rate_ > 3 * vouches_.UsualPerSecond() + 1;
  const bool fallen = vouches_.Sum() >= panel_.test(Channel::kFrozen).h();
  const bool refuses = unanswered_in_a_row_ >= kUnansweredInARow && AtWork(unanswered_since_);
  *deaf = fallen && refuses && !only_arrivals_rose;
  return *deaf;
}

// Whether setups are slow: at the slow end, or as a whole.
bool Judge::Impl::FindSlow() {
  const ChannelTest &slow = panel_.test(Channel::kSlowSetup), &shift = shift_.test();
  bool& slowed = harming_[Index(Channel::kSlowSetup)];
  // Clients that fail by themselves look slow before they look failed.
  const bool client_side = HeldBack(panel_.test(Channel::kNeverActive));
  Hold(Fired(slow) && !client_side, !InDoubt(slow), &slowed);
  Hold(Fired(shift) && !client_side, !InDoubt(shift), &shifted_);
  return slowed || shifted_;
}

// Where so few networks are usual that the caps let no alarm pass, what they hold back is said as well.
void Judge::Impl::FindMedia(Findings* f) {
  std::optional<Channel> harm = media_.harm();
  const bool few = usual_networks_.Lately(now_) < kEnoughNetworks;
  for (const Channel c : kAllMediaChannels) {
    if (!harm && few && media_.held_back(c)) harm = c;
  }
  if (!harm) return;
  f->harm = Harm::kMediaMissing;
  f->harmed = *harm;
  Describe(*harm, f);
}

void Judge::Impl::Describe(Channel media, Findings* f) const {
  f->usual_time = media_.UsualTime(media);
  f->usual_missing = media_.Missing(media);
}

void Judge::Impl::FindHarm(bool nobody, Findings* f) {
  const bool slowed = FindSlow();
  bool held = false, still = false, alone = false;
  for (const Channel c : kAllChannels) {
    if (c == Channel::kSlowSetup || (c == Channel::kFrozen && !nobody)) continue;
    const ChannelTest& t = panel_.test(c);
    still = still || t.unguarded_z() >= t.h() / 2;
    if (!HeldBack(t)) continue;
    held = true;
    alone = alone || t.trusted_alone();
    f->harmed = c;
  }
  Hold(alone, !still, &trusted_fail_);
  const bool independent = (held || few_) && usual_networks_.Lately(now_) >= kEnoughNetworks;
  Hold(held && !independent, !still || independent, &few_);
  // Only what lasts is trouble of theirs: a failing node looks like it until four networks have spoken.
  if (!held) held_since_ = now_;
  f->client_networks = held && independent && now_ - held_since_ > options_.deadline;
  if (trusted_fail_) {
    f->harm = Harm::kTrustedAlone;
  } else if (few_) {
    f->harm = Harm::kTooFewSources;
  } else if (flood_) {
    f->harm = Harm::kFlood, f->harmed = Channel::kFrozen;
  } else if (unanswered_idle_) {
    f->harm = Harm::kUnansweredIdle, f->harmed = Channel::kFrozen;
  } else if (FindMedia(f); f->harm != Harm::kNone) {
    return;  // no media at all is worse than some that is lost
  } else if (const Harm lost = sockets_.harm(); lost != Harm::kNone) {
    f->harm = lost;  // a cause; slow setups are what comes of it
  } else if (slowed) {
    f->harm = Harm::kSlowSetup;
    f->harmed = harming_[Index(Channel::kSlowSetup)] ? Channel::kSlowSetup : Channel::kSetupShift;
    f->usual_time = shift_.usual_median(), f->limit = shift_.limit();
  }
}

}  // namespace candor
