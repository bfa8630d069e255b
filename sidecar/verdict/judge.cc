// SPDX-License-Identifier: Apache-2.0
#include "verdict/judge.h"

#include "verdict/judge_impl.h"

namespace candor {
namespace {

ContributionOptions Contributions(const JudgeOptions& o) {
  ContributionOptions s;
  s.deadline = o.deadline;
  s.leave_grace = o.leave_grace;
  return s;
}

AttemptEvidenceOptions EvidenceOptionsOf(const JudgeOptions& o) {
  AttemptEvidenceOptions d;
  d.contribution = Contributions(o);
  d.networks = {o.network_bits_v4, o.network_bits_v6, o.trusted_sources, o.nat64_prefixes};
  d.retry_silence = o.retry_silence;
  d.max_attempts = o.max_attempts;
  return d;
}

// A crowd that comes at once brings others than the usual clients, and slows everybody down: how much more
// failing and slower than usual is still healthy, in steps, for every step makes new tables. Sixteen Poisson
// arrivals come twice as fast as usual by chance once in a hundred times.
constexpr double kCrowded = 1.7;
double Widening(double surge) {
  if (surge < 2) return 1;
  return surge < 3.5 ? 1.3 : kCrowded;
}

// From here on it is a lull, or the beginning of a fall: the value from which AckRateTest learns nothing.
constexpr double kFalling = 2;

HealthStateOptions Latches(const JudgeOptions& o) {
  HealthStateOptions l;
  l.doubt_patience = o.deadline;
  return l;
}

}  // namespace

Judge::Impl::Impl(JudgeOptions options)
    : options_(std::move(options)),
      evidence_(EvidenceOptionsOf(options_), this),
      bank_(options_.false_alarms_per_month, options_.smallest_share, Contributions(options_)),
      health_(Latches(options_)),
      sockets_(options_.false_alarms_per_month),
      media_(options_.false_alarms_per_month, options_.deadline, options_.max_attempts),
      shift_(options_.false_alarms_per_month, Contributions(options_)) {
  Tune(true);
  Publish(Findings{}, true);
}

void Judge::Impl::SetRate() {
  bank_.SetRate(rate_.PerSecond());
  media_.SetRate(rate_.PerSecond());
  shift_.SetRate(rate_.PerSecond());
  ack_rate_.SetThreshold(bank_.test(Detector::kFrozen).h());
}

void Judge::Impl::Observe(const AttemptEvent& e) {
  now_ = std::max(now_, e.at);
  media_known_ = e.media_known;
  evidence_.Observe(e);
  if (e.media_known) media_.Observe(e);
  // Evidence that speaks at once is worth a decision, a little apart so that a burst costs no more.
  const bool telling = e.kind == AttemptEvent::Kind::kDead ||
                       (e.kind == AttemptEvent::Kind::kWaitingOn && e.waiting_on == WaitingOn::kNode) ||
                       (e.kind == AttemptEvent::Kind::kClosed && e.outcome == Outcome::kStalled);
  if (telling && now_ - decided_ >= options_.tick / 5) Tick(now_);
}

void Judge::Impl::ObserveNode(const NodeActivity& activity) {
  now_ = std::max({now_, activity.last_in, activity.last_out});
  looked_since_vouch_ = true;
  const SequentialTest& frozen = bank_.test(Detector::kFrozen);
  silence_.Observe(activity.last_in, activity.last_out, now_, frozen.z() < frozen.h() / 2);
}

const Verdict& Judge::Impl::Tick(Time now) {
  now_ = std::max(now_, now);
  evidence_.Conclude(now_);
  media_.Conclude(now_, judged_from_, [this](const MediaRecord& r) { CountMediaRecovery(r); });
  LearnSlowly();
  Decide();
  return verdict_;
}

void Judge::Impl::LearnSlowly() {
  rate_.Advance(now_);
  ack_rate_.Advance(now_);
  refusals_.Advance(now_, ack_rate_.Sum() >= kFalling);
  successes_.Advance(now_, bank_.test(Detector::kFrozen).Doubtful());
  ForgetUnanswered();
  sockets_.Advance(now_);
  unvouched_rate_ *= forget_unvouched_.Keep(now_ - decided_);
  const bool shape_learned = media_.Advance(now_);
  const bool learned = baseline_.Advance(now_) || shape_learned;
  const double surge = Widening(rate_.Surge(now_));
  // Sixteen arrivals of a crowd are now and then as far apart as usual, and its last ones are slow still when
  // it has gone.
  if (surge >= kCrowded) crowded_until_ = now_ + options_.deadline;
  const double widening = now_ < crowded_until_ ? kCrowded : surge;
  // What is found to be slow is not failing as long as it comes up as late as the others do.
  const double slowdown = shifted_ ? std::max(slowdown_, shift_.Slowdown(baseline_)) : 1;
  const bool same = widening == widening_ && slowdown == slowdown_;
  if (!learned && same && now_ - tuned_ < std::chrono::minutes(1)) return;
  tuned_ = now_;
  widening_ = widening;
  slowdown_ = slowdown;
  Tune(learned);
}

void Judge::Impl::Tune(bool learned) {
  SetRate();
  learned ? bank_.Tune(baseline_, now_, widening_, slowdown_)
          : bank_.Widen(baseline_, now_, widening_, slowdown_);
  media_.Tune(widening_);
  shift_.Tune(baseline_, widening_);
}

const SequentialTest& Judge::Impl::TestOf(Detector c) const {
  if (IsMedia(c)) return media_.test(c);
  return c == Detector::kSetupShift ? shift_.test() : bank_.test(c);
}

void Judge::Impl::Decide() {
  decided_ = now_;
  const bool exactly = RefreshDue();
  bank_.Weigh(evidence_, now_, judged_from_, exactly);
  media_.Weigh(now_, judged_from_, exactly);
  shift_.Weigh(evidence_, now_, judged_from_, exactly);
  const Findings f = Find();
  const State before = health_.state();
  const State after = health_.Step(Read(f));
  const bool sharper = after == State::kFailing && before == after && Sharper(f);
  if (after != before) Enter(before, f);
  if (sharper) {
    alarm_ = f;
    Fill(TestOf(*f.alarm), false);
  }
  Publish(f, after != before || sharper);
}

// A detector that knows more about who is at fault has fired meanwhile.
bool Judge::Impl::Sharper(const Findings& f) const {
  if (!f.alarm || !alarm_.alarm) return false;
  return Precision(*f.alarm) > Precision(*alarm_.alarm);
}

HealthInputs Judge::Impl::Read(const Findings& f) const {
  constexpr Duration kQuiet = std::chrono::seconds(60);
  HealthInputs s;
  s.now = now_;
  s.alarm = f.alarm.has_value();
  s.doubt = f.doubt;
  s.harm = f.harm != Harm::kNone;
  s.enough = static_cast<double>(counted_since_unknown_) >= bank_.test(Detector::kNeverActive).Needed();
  s.fresh = Fresh();
  s.traffic = now_ - last_offered_ <= kQuiet;
  s.recovery = recovery_.Sum();
  return s;
}

void Judge::Impl::Enter(State before, const Findings& f) {
  const State state = health_.state();
  if (state == State::kUnknown) counted_since_unknown_ = 0;
  if (state == State::kFailing) {
    alarm_ = f;
    deciding_ = f.alarm.value_or(f.doubtful);  // a relapse needs no more than doubt
    alarm_.alarm = deciding_;
    Fill(TestOf(deciding_), false);
  }
  if (state == State::kFailing || state == State::kProbation) {
    const double severity = before == State::kProbation || state == State::kProbation
                                ? verdict_.severity
                                : TestOf(deciding_).Severity();
    recovery_.Begin(now_, severity, TestOf(deciding_).usual());
    judged_from_ = now_;
    bank_.Reset();
    media_.Reset();
    shift_.Reset();
  }
}

Judge::Judge(JudgeOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Judge::~Judge() = default;
Judge::Judge(Judge&&) noexcept = default;
Judge& Judge::operator=(Judge&&) noexcept = default;
void Judge::Observe(const AttemptEvent& e) { impl_->Observe(e); }
void Judge::ObserveNode(const NodeActivity& activity) { impl_->ObserveNode(activity); }
void Judge::ObserveSockets(const SocketCounts& counts) { impl_->ObserveSockets(counts); }
const Verdict& Judge::Tick(Time now) { return impl_->Tick(now); }
const Verdict& Judge::verdict() const { return impl_->verdict(); }
uint64_t Judge::counted() const { return impl_->counted(); }
uint64_t Judge::evicted() const { return impl_->evicted(); }
std::string Judge::SaveBaseline() const { return impl_->SaveBaseline(); }
Result<void> Judge::RestoreBaseline(std::string_view text, Duration age, Time now) {
  return impl_->RestoreBaseline(text, age, now);
}
void Judge::ResetBaseline() { impl_->ResetBaseline(); }

}  // namespace candor
