// SPDX-License-Identifier: Apache-2.0
#include "evidence/media_baseline.h"

#include <algorithm>
#include <cmath>

namespace candor {
namespace {

using std::chrono::seconds;

// The Baseline's lag, for the same reasons (baseline.cc). Blocks are smaller, so that a young node knows its
// shapes within a minute.
constexpr LagOptions kLag{.attempts = 25, .least = seconds(10)};
// Who comes to a node, speakers or listeners, swings with the meetings of an hour: four times the memory of
// the failing shares.
constexpr double kMemorySeconds = 1200, kMemoryAttempts = 3200;  // the larger of the two
constexpr double kWeekSeconds = 7 * 86400.0;

// Nothing is usual before it was seen: the prior says that most go without, and is worth five attempts.
// Thirty in a row that do get it leave one in a thousand for a true share of 20 % without.
constexpr BaselineFailureRateOptions kShare{0.01, 0.98, 0.8, 5, 5};
// Media follows within a round trip or two; a forwarded stream may begin with its next key frame.
constexpr SetupTime::Prior kTimesPrior{std::chrono::milliseconds(300), seconds(3), 10};
// Whoever leaves sooner has not waited for anything.
constexpr Duration kWaited = seconds(1);

}  // namespace

MediaBaseline::MediaBaseline()
    : kinds_{Kind{BaselineFailureRate(kShare), SetupTime(kTimesPrior)},
             Kind{BaselineFailureRate(kShare), SetupTime(kTimesPrior)},
             Kind{BaselineFailureRate(kShare), SetupTime(kTimesPrior)},
             Kind{BaselineFailureRate(kShare), SetupTime(kTimesPrior)},
             Kind{BaselineFailureRate(kShare), SetupTime(kTimesPrior)}},
      blocks_(kLag) {}

void MediaBaseline::Learn(MediaKind k, bool came, Duration waited) {
  if (!came && waited < kWaited) return;
  Waits& g = blocks_.gathering().kinds[Index(k)];
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

// The week's average in full, unlike the failing shares: meetings that begin with one who waits for the
// others come every morning, and a night without them must not make them unusual. And no limit above it: who
// comes may change for good.
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
