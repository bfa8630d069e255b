// SPDX-License-Identifier: Apache-2.0
#include "evidence/media_baseline.h"

#include <algorithm>
#include <cmath>

namespace candor {
namespace {

using std::chrono::seconds;

// The lag of Baseline, for the same reasons (baseline.cc). Blocks are smaller, so that a young node has a
// baseline within a minute.
constexpr LagOptions kLag{.attempts = 25, .least = seconds(10)};
// The mix of speakers and listeners varies with the meetings of an hour: four times the memory of failure
// rates.
constexpr double kMemorySeconds = 1200, kMemoryAttempts = 3200;  // the larger of the two
constexpr double kWeekSeconds = 7 * 86400.0;

// The prior, worth five attempts, is that most attempts go without. After thirty in a row with it, a true
// share of 20 % without has a probability of one in a thousand.
constexpr BaselineFailureRateOptions kShare{0.01, 0.98, 0.8, 5, 5};
// Media follows within a round trip or two; a forwarded stream may begin with its next key frame.
constexpr SetupTime::Prior kTimesPrior{std::chrono::milliseconds(300), seconds(3), 10};
// An attempt that ends sooner is no observation.
constexpr Duration kWaited = seconds(1);

}  // namespace

MediaBaseline::Kind MediaBaseline::Fresh() { return {BaselineFailureRate(kShare), SetupTime(kTimesPrior)}; }

MediaBaseline::MediaBaseline() : kinds_{Fresh(), Fresh(), Fresh(), Fresh(), Fresh()}, blocks_(kLag) {}

void MediaBaseline::Learn(MediaKind k, bool came, Duration waited) {
  if (!came && waited < kWaited) return;
  Waits& g = blocks_.current().kinds[Index(k)];
  ++g.n;
  came ? ++g.times[AgeBin(waited)] : ++g.missing;
}

bool MediaBaseline::Advance(Time now) {
  if (!blocks_.begun()) learned_until_ = now;
  return blocks_.Advance(now, [this](const Blocks::Block& b) { Absorb(b); });
}

void MediaBaseline::Absorb(const Blocks::Block& b) {
  const double span = std::max(0.0, Seconds(b.end - learned_until_));
  const double keep =
      std::exp(-std::min(static_cast<double>(b.concluded) / kMemoryAttempts, span / kMemorySeconds));
  const double keep_week = std::exp(-span / kWeekSeconds);
  for (size_t i = 0; i < kMediaKinds; ++i) {
    if ((b.excluded & (1u << i)) != 0) continue;
    const Waits& g = b.kinds[i];
    kinds_[i].missing.Absorb(g.n, g.missing, keep, keep_week);
    kinds_[i].times.Absorb(g.times, keep);
  }
  learned_until_ = std::max(learned_until_, b.end);
}

// The full seven-day average is a lower limit, unlike for failure rates: meetings in which the first
// participant waits come every morning, and a night without them must not make them unusual. It is no upper
// limit: the mix of clients may change permanently.
double MediaBaseline::Missing(MediaKind k) const {
  const BaselineFailureRate& share = kinds_[Index(k)].missing;
  const BaselineFailureRate::Sums& s = share.sums();
  const double mean = share.Mean();
  const double error = std::sqrt(mean * (1 - mean) / (s.n + kShare.prior_weight));
  const double week =
      (s.week_failed + kShare.week_prior_weight * kShare.prior) / (s.week_n + kShare.week_prior_weight);
  return std::clamp(std::max(mean + error, week), kShare.lowest, kShare.highest);
}

MediaBaseline::State MediaBaseline::Export() const {
  State s;
  for (size_t i = 0; i < kMediaKinds; ++i) s[i] = {kinds_[i].missing.sums(), kinds_[i].times.weights()};
  return s;
}

void MediaBaseline::Import(const State& s, Duration age) {
  *this = MediaBaseline();
  const double keep_week = std::exp(-Seconds(age) / kWeekSeconds);
  for (size_t i = 0; i < kMediaKinds; ++i) {
    kinds_[i].missing.set_sums(s[i].missing);
    kinds_[i].missing.Absorb(0, 0, 1, keep_week);
    kinds_[i].times.set_weights(s[i].times);
  }
}

}  // namespace candor
