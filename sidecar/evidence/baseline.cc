// SPDX-License-Identifier: Apache-2.0
#include "evidence/baseline.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace candor {
namespace {

using std::chrono::seconds;

// The baseline must follow a failure rate that varies sixfold within two hours, as clients' networks do:
// measured, a lag of half an hour causes forty false alarms in 30 days of such traffic. A slow increase is
// limited by the seven-day average instead, and a sudden one is excluded long before the lag has passed.
constexpr LagOptions kLag{};
constexpr double kMemorySeconds = 300, kMemoryAttempts = 800;  // the larger of the two
constexpr double kWeekSeconds = 7 * 86400.0;

constexpr SetupTime::Prior kSetupPrior{};
constexpr SetupTime::Prior kAcknowledgementPrior{std::chrono::milliseconds(150), seconds(2), 30};

std::array<BaselineFailureRate, kDetectors> Shares() {
  // In the order of Detector. Stalls that wait on the node are nearly absent on a healthy node; by definition
  // one attempt in a hundred is slower than the 99th percentile.
  return {
      BaselineFailureRate({0.005, 0.05, 0.005, 200, 500}), BaselineFailureRate({0.01, 0.15, 0.04, 20, 500}),
      BaselineFailureRate({0.01, 0.15, 0.05, 20, 500}),    BaselineFailureRate({0.01, 0.10, 0.02, 50, 500}),
      BaselineFailureRate({0.01, 0.10, 0.01, 100, 500}),   BaselineFailureRate({0.01, 0.15, 0.015, 50, 500}),
      BaselineFailureRate({0.01, 0.15, 0.05, 20, 500})};
}

}  // namespace

Baseline::Baseline()
    : shares_(Shares()), setup_(kSetupPrior), acknowledgement_(kAcknowledgementPrior), blocks_(kLag) {}

void Baseline::Learn(Detector c, bool failed) {
  Blocks::Block& current = blocks_.current();
  ++current.n[Index(c)];
  if (failed) ++current.failed[Index(c)];
  if (c == Detector::kNeverActive) blocks_.Concluded();
}

bool Baseline::RetractFailure(Detector c) {
  const auto take = [c](Blocks::Block* b) {
    uint32_t& failed = b->failed[Index(c)];
    return failed > 0 ? (--failed, true) : false;
  };
  if (take(&blocks_.current())) return true;
  auto& waiting = blocks_.waiting();
  return std::any_of(waiting.rbegin(), waiting.rend(), [&](Blocks::Block& b) { return take(&b); });
}

void Baseline::LearnSetup(Duration setup) { ++blocks_.current().setup[AgeBin(setup)]; }
void Baseline::LearnAcknowledgement(Duration until_acknowledged) {
  ++blocks_.current().acknowledgement[AgeBin(until_acknowledged)];
}

bool Baseline::Advance(Time now) {
  // A state may be imported before the first time is known.
  if (!blocks_.begun()) learned_until_ = now - restored_age_;
  return blocks_.Advance(now, [this](const Blocks::Block& b) { Absorb(b); });
}

void Baseline::Absorb(const Blocks::Block& b) {
  const double span = Seconds(b.end - learned_until_);
  const double decay =
      std::min(static_cast<double>(b.concluded) / kMemoryAttempts, std::max(0.0, span) / kMemorySeconds);
  const double keep = std::exp(-decay);
  const double keep_week = std::exp(-std::max(0.0, span) / kWeekSeconds);
  for (const Detector c : kAllDetectors) {
    if ((b.excluded & Bit(c)) != 0) continue;
    shares_[Index(c)].Absorb(b.n[Index(c)], b.failed[Index(c)], keep, keep_week);
  }
  // Set-up times of a failing or slow node are not part of its baseline.
  constexpr uint8_t kSetupDetectors =
      static_cast<uint8_t>(Bit(Detector::kNeverActive) | Bit(Detector::kSlowSetup));
  if ((b.excluded & kSetupDetectors) == 0) {
    setup_.Absorb(b.setup, keep);
    acknowledgement_.Absorb(b.acknowledgement, keep);
    setups_learned_ = setups_learned_ * keep + std::accumulate(b.setup.begin(), b.setup.end(), 0.0);
    learned_until_ = b.end;
  }
}

double Baseline::FailureRate(Detector c, Time now) const {
  // The lag itself is not age.
  const Duration age = now - learned_until_ - kLag.lag;
  return shares_[Index(c)].Bound(std::max(Duration(0), age));
}

Baseline::State Baseline::Export() const {
  State s;
  for (size_t i = 0; i < kDetectors; ++i) s.shares[i] = shares_[i].sums();
  s.setup = setup_.weights();
  s.acknowledgement = acknowledgement_.weights();
  return s;
}

void Baseline::Import(const State& s, Duration age, Time now) {
  *this = Baseline();
  const double keep_week = std::exp(-Seconds(age) / kWeekSeconds);
  for (size_t i = 0; i < kDetectors; ++i) {
    shares_[i].set_sums(s.shares[i]);
    shares_[i].Absorb(0, 0, 1, keep_week);
  }
  setup_.set_weights(s.setup);
  acknowledgement_.set_weights(s.acknowledgement);
  setups_learned_ = std::accumulate(s.setup.begin(), s.setup.end(), 0.0);
  learned_until_ = now - age;
  restored_age_ = age;
}

}  // namespace candor
