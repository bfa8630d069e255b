// SPDX-License-Identifier: Apache-2.0
#include "verdict/panel.h"

#include <algorithm>

#include "verdict/media_tests.h"
#include "verdict/setup_shift.h"

namespace candor {
namespace {

// Stretched to stay on the slow side.
constexpr double kStretch = 1.2;
// However many come at once: beyond this a share would no longer be a usual one.
constexpr double kMostUsual = 0.3;
// Below so many setups the 99th percentile is the prior's, not the node's.
constexpr double kSetupsToKnow = 200;

// How the allowance of knob 1 is shared, in the order of Channel; adds up to 1 with what is left to the
// channels that are judged elsewhere.
constexpr std::array<double, kChannels> kAllowance = {0.09, 0.09, 0.12, 0.09, 0.07, 0.14, 0.27};
constexpr double kSocketEvidence = 0.02;  // socket_tests.h
constexpr double Total() {
  double sum = kSocketEvidence + MediaTests::kAllowance + SetupShift::kAllowance;
  for (const double part : kAllowance) sum += part;
  return sum;
}
static_assert(Total() > 0.9999 && Total() < 1.0001);

ChannelTest Make(Channel c, double allowed, Four ladder) {
  return ChannelTest(c, ladder, allowed * kAllowance[Index(c)]);
}

// However fast a node usually is: an attempt that takes a second is slow there, not lost. Without this a
// node whose setups rise from 28 ms to 1.1 s fails by its pending ones before the first of them has come up.
ByAge NoSoonerThanAnywhere(ByAge share) {
  const SetupTime anywhere{SetupTime::Prior{}};
  for (size_t bin = 0; bin < kAgeBins; ++bin) {
    share[bin] = std::min(share[bin], anywhere.Cdf(AgeBinStart(bin)));
  }
  return share;
}

// Drops come evenly over the time in which they count as early.
ByAge DroppedBy(Duration early) {
  ByAge share{};
  for (size_t bin = 0; bin < kAgeBins; ++bin) {
    share[bin] = std::min(1.0, Seconds(AgeBinStart(bin)) / Seconds(early));
  }
  return share;
}

}  // namespace

Panel::Panel(double allowed, double smallest_share, const StanceOptions& stances)
    : stances_(stances),
      ladder_(SeverityLadder(smallest_share)),
      dropped_by_(DroppedBy(stances.early)),
      tests_{Make(Channel::kNodeOwed, allowed, ladder_),
             Make(Channel::kNeverActiveAlive, allowed, ladder_),
             Make(Channel::kNeverActive, allowed, ladder_),
             Make(Channel::kEarlyDrop, allowed, ladder_),
             Make(Channel::kSlowSetup, allowed, ladder_),
             Make(Channel::kFrozen, allowed, ladder_),
             Make(Channel::kNoneActive, allowed, Splat(ladder_[kSeverities - 1]))} {}

void Panel::Tune(const Baseline& baseline, Time now, double widening, double slowdown) {
  for (Tables& t : tables_) t.widening = 0;
  Widen(baseline, now, widening, slowdown);
}

Panel::Tables& Panel::TablesFor(const Baseline& baseline, double widening, double slowdown) {
  for (Tables& t : tables_) {
    if (t.widening == widening && t.slowdown == slowdown) return t;
  }
  Tables& t = tables_[tables_made_++ % tables_.size()];
  t.widening = widening;
  t.slowdown = slowdown;
  t.setup = NoSoonerThanAnywhere(Stretched(baseline.setup(), kStretch * widening * slowdown));
  t.vouch = Stretched(baseline.vouch(), kStretch * widening);
  t.usual = {};
  return t;
}

Likelihood Panel::Tabulate(const ChannelTest& t, double usual, const Tables& tables) const {
  switch (t.channel()) {
    case Channel::kNodeOwed:
    case Channel::kSlowSetup:
      break;
    case Channel::kEarlyDrop:
      return Likelihood::OfFailuresComing(usual, t.ladder(), dropped_by_);
    case Channel::kFrozen:
      return Likelihood::OfSuccessesComing(usual, t.ladder(), tables.vouch);
    case Channel::kNeverActiveAlive:
    case Channel::kNeverActive:
    case Channel::kNoneActive:
      return Likelihood::OfSuccessesComing(usual, t.ladder(), tables.setup);
    default:
      break;  // judged elsewhere
  }
  return Likelihood::OfSettled(usual, t.ladder());
}

void Panel::Widen(const Baseline& baseline, Time now, double widening, double slowdown) {
  Tables& tables = TablesFor(baseline, widening, slowdown);
  for (ChannelTest& t : tests_) {
    const size_t i = Index(t.channel());
    const double usual = std::min(kMostUsual, baseline.Usual(t.channel(), now) * widening);
    if (usual != tables.usual[i]) tables.likelihood[i] = Tabulate(t, usual, tables);
    tables.usual[i] = usual;
    t.Tune(usual, tables.likelihood[i]);
  }
  // A healthy setup may take 1.1 s; below that nobody waits.
  constexpr Duration kNeverSlow = std::chrono::milliseconds(1500);
  const bool known = baseline.setups_learned() >= kSetupsToKnow;
  stances_.slow = known ? std::max(kNeverSlow, baseline.setup().Quantile(0.99)) : Duration::max();
}

void Panel::SetRate(double per_second) {
  for (ChannelTest& t : tests_) t.SetRate(per_second);
}

bool Panel::Commit(const AttemptRecord& r, Time now) {
  bool capped = false;
  for (const Channel c : kByArrival) {
    const bool held = at(c).Commit(r, StanceOf(c, r, now, stances_));
    capped = capped || (held && c != Channel::kFrozen);
  }
  return capped;
}

void Panel::CommitLate(const AttemptRecord& before, const AttemptRecord& r, Time now) {
  for (const Channel c : kByArrival) {
    const Stance s = StanceOf(c, before, now, stances_);
    if (s.kind == Stance::Kind::kAgainstNode) at(c).TakeBack(before, s);
  }
  Commit(r, now);
}

void Panel::CommitDrop(const AttemptRecord& r, Time now) {
  at(Channel::kEarlyDrop).Commit(r, EarlyDropStance(r, now, stances_));
}

// The sum of all that speaks against the node, regardless of order: cheap, for most attempts are active.
std::array<double, kChannels> Panel::Ceilings(const Docket& docket, Time now, Time from) {
  std::array<double, kChannels> most{};
  for (const ChannelTest& t : tests_) most[Index(t.channel())] = t.Ceiling();
  telling_.clear();
  const auto records = docket.arrivals().records();
  for (size_t i = 0; i < records.size(); ++i) {
    const AttemptRecord& r = records[i];
    const bool fast = r.active != Time{} && r.active - r.start <= stances_.slow;
    if (fast || r.start < from) continue;
    telling_.push_back(i);
    for (const Channel c : kByArrival) {
      const Duration age = now - r.start;
      most[Index(c)] += std::max(0.0, test(c).MostOf(StanceOf(c, r, now, stances_), age));
    }
  }
  const double drop = test(Channel::kEarlyDrop).MostOf({Stance::Kind::kAgainstNode, 1}, Duration(0));
  most[Index(Channel::kEarlyDrop)] += drop * static_cast<double>(docket.open_drops());
  return most;
}

void Panel::Weigh(const Docket& docket, Time now, Time from, bool exactly) {
  const auto most = Ceilings(docket, now, from);
  for (ChannelTest& t : tests_) {
    const double ceiling = most[Index(t.channel())];
    if (exactly && ceiling <= 0) {
      t.NothingToTry();
    } else if (!exactly && ceiling < t.h() / 2) {
      t.SkipTrial(ceiling);
    } else {
      Try(&t, docket, now, from, exactly);
      if (!exactly && t.Doubtful()) Try(&t, docket, now, from, true);
    }
  }
}

void Panel::Try(ChannelTest* t, const Docket& docket, Time now, Time from, bool told) const {
  if (t->channel() == Channel::kEarlyDrop) return TryDrops(t, docket, now, from, told);
  t->BeginTrial();
  const auto records = docket.arrivals().records();
  auto telling = telling_.begin();
  for (size_t i = 0; i < records.size(); ++i) {
    if (t->TrialRests()) {
      telling = std::lower_bound(telling, telling_.end(), i);
      if (telling == telling_.end()) break;
      i = *telling;
    }
    const AttemptRecord& r = records[i];
    if (r.start >= from) t->Try(r, StanceOf(t->channel(), r, now, stances_), now - r.start, told);
  }
  t->EndTrial();
}

void Panel::TryDrops(ChannelTest* t, const Docket& docket, Time now, Time from, bool told) const {
  t->BeginTrial();
  for (const AttemptRecord& r : docket.actives().records()) {
    if (r.start >= from) t->Try(r, EarlyDropStance(r, now, stances_), now - r.start, told);
  }
  t->EndTrial();
}

void Panel::Reset() {
  for (ChannelTest& t : tests_) t.Reset();
}

}  // namespace candor
