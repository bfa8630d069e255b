// SPDX-License-Identifier: Apache-2.0
#include "attempt/plain_calls.h"

#include <algorithm>
#include <cmath>

namespace candor {
namespace {

using std::chrono::seconds;

// Another leg got media for this long after one fell silent: the node serves. With the pace of looks at old
// legs (pace.cc) less than drop_silence, so that what is known of them is fresh enough by then.
constexpr Duration kServedBeyond = seconds(2);
// Calls that fall silent within this of each other do so together: two packet intervals and a look apart.
constexpr Duration kTogether = seconds(1);
// Two legs are one call; three are at least two.
constexpr int kTogetherLeast = 3;
constexpr double kTogetherByChance = 1e-3;
constexpr double kKeep = 0.99;        // remembers about 100 calls
constexpr double kCallsLeast = 5;     // before the node has a habit
constexpr double kCallsSettled = 20;  // ... that holds for calls which may be old ones
constexpr double kRowByChance = 0.1;  // the judge decides on many; this only asks whether one may speak
// Before anything is known: half a call went quiet in a minute of service.
constexpr double kPriorQuiet = 0.5, kPriorSeconds = 60;

// P(at least n) of a Poisson distribution.
double AtLeast(int n, double mean) {
  double term = std::exp(-mean), below = 0;
  for (int i = 0; i < n; ++i) {
    below += term;
    term *= mean / (i + 1);
  }
  return std::max(0.0, 1 - below);
}

}  // namespace

void PlainCalls::Learn(const Attempt& a, PlainCall* call) {
  if (!a.bare()) return;
  any_out_ = std::max(any_out_, a.last_media_out());
  const bool both = a.last_media_in() >= a.last_media_out() - kServedBeyond;
  if (a.served_at() != Time{} && both) two_way_out_ = std::max(two_way_out_, a.last_media_out());
  Conclude(a, call);
  if (a.active_at() == Time{}) return;
  Running& r = running_[a.id()];
  if (r.last_out != Time{} && a.last_media_out() > r.last_out) {
    served_seconds_ += Seconds(a.last_media_out() - r.last_out);
    call->quiet = false;
  }
  r = {a.last_media_in(), a.last_media_out(), a.active_at()};
}

void PlainCalls::Conclude(const Attempt& a, PlainCall* call) {
  const Time asked = a.peer_media_since(), served = a.served_at();
  if (asked == Time{} || (call->concluded && !call->unserved)) return;
  if (call->concluded) {
    if (served == Time{}) return;
    call->unserved = false;  // late, but the row has ended
    unserved_ += row_;
    row_ = 0;
    return;
  }
  if (served != Time{} && served - asked <= patience_) {
    call->concluded = true;
    served_ = served_ * kKeep + 1;
    unserved_ = unserved_ * kKeep + row_;
    row_ = 0;
  } else if (a.last_media_in() - asked >= patience_) {
    call->concluded = call->unserved = true;
    ++row_;
  }
}

bool PlainCalls::UsuallyServes() const {
  const double calls = served_ + unserved_;
  if (calls < kCallsLeast || row_ < 1) return false;
  const double unserved = (unserved_ + 0.5) / (calls + 1);
  return std::pow(unserved, row_) <= kRowByChance;
}

bool PlainCalls::OthersAreServed(const Attempt& a) const {
  const Time silent = a.last_media_out() != Time{} ? a.last_media_out() : a.first() + patience_;
  return any_out_ != Time{} && any_out_ - silent >= kServedBeyond;
}

bool PlainCalls::OwesMedia(const Attempt& a, bool began_early) const {
  if (began_early && served_ < kCallsSettled) return false;
  return UsuallyServes() && !OthersAreServed(a);
}

bool PlainCalls::Died(const Attempt& a, PlainCall* call) {
  if (a.last_media_in() - std::max(a.last_media_out(), a.active_at()) < drop_silence_) return false;
  // Early media came, and since the peer talks nothing has.
  if (a.served_at() == Time{}) return UsuallyServes() && two_way_out_ - a.active_at() < kServedBeyond;
  if (OthersAreServed(a)) return NoteQuiet(call), false;
  if (a.node_sent_rtcp() || FellTogether(a)) return true;
  NoteQuiet(call);
  return false;
}

void PlainCalls::NoteQuiet(PlainCall* call) {
  if (call->quiet) return;
  call->quiet = true;
  quiet_calls_ = quiet_calls_ * kKeep + 1;
  served_seconds_ *= kKeep;
}

// Of calls that fall quiet one by one, as on hold or once a greeting is over, some do so side by side by
// chance: the more often calls here fall quiet, the more must do so at once.
bool PlainCalls::FellTogether(const Attempt& a) const {
  const Time silent = a.last_media_out();
  int together = 0, served = 0;
  for (const auto& [id, r] : running_) {
    if (r.active > silent || r.last_out < silent - kTogether) continue;
    ++served;
    if (r.last_out <= silent + kTogether && r.last_in - r.last_out >= kTogether) ++together;
  }
  if (together < kTogetherLeast) return false;
  const double rate = (quiet_calls_ + kPriorQuiet) / (served_seconds_ + kPriorSeconds);
  return AtLeast(together - 1, rate * served * Seconds(2 * kTogether)) <= kTogetherByChance;
}

}  // namespace candor
