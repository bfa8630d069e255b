// SPDX-License-Identifier: Apache-2.0
#include "bound.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <random>
#include <vector>

#include "exact.h"

namespace candor::bench {
namespace {

constexpr double kMonth = 30 * 86400.0;
constexpr double kStep = 0.05;  // seconds between two looks
constexpr size_t kAges = 1001;  // of 10 ms
constexpr int kLevels = 48;     // of the usual share, evenly in its logarithm

int Level(double usual) {
  const double at = std::log(usual / 0.01) / std::log(6.0) * (kLevels - 1);
  return std::clamp(static_cast<int>(std::lround(at)), 0, kLevels - 1);
}

// The log-likelihood ratio of one attempt, by baseline rate and age.
struct Ratios {
  explicit Ratios(double severity) : success(ExactActive(severity)) {
    for (int level = 0; level < kLevels; ++level) {
      const double p = 0.01 * std::pow(6.0, static_cast<double>(level) / (kLevels - 1));
      auto& row = pending[static_cast<size_t>(level)];
      for (size_t i = 0; i < kAges; ++i) {
        row[i] = static_cast<float>(ExactPending(p, severity, static_cast<double>(i) * 0.01));
      }
    }
  }
  double success;
  std::array<std::array<float, kAges>, kLevels> pending;
};

// Plain traffic and the exact test over it, in steps.
class Exact {
 public:
  Exact(Cell cell, double onset, double phase, uint64_t seed)
      : cell_(cell), onset_(onset), phase_(phase), rng_(seed), ratios_(cell.severity), gap_(cell.rate) {
    next_ = gap_(rng_);
  }

  // Goes on to `now`; the likelihood ratio then, as a logarithm, at least 0.
  double At(double now) {
    for (; next_ <= now; next_ += gap_(rng_)) Arrive(next_);
    while (!open_.empty() && (open_.front().active <= now || open_.front().start + kExactDeadline <= now)) {
      settled_ = std::max(0.0, settled_ + Says(open_.front(), now));
      open_.pop_front();
    }
    double z = settled_;
    for (const Attempt& a : open_) z = std::max(0.0, z + Says(a, now));
    return z;
  }
  uint64_t arrived() const { return arrived_; }

 private:
  struct Attempt {
    double start, active;
    int level;
  };
  void Arrive(double t) {
    ++arrived_;
    const double usual = BaselineFailureRateAt(t, phase_, kDay);
    std::uniform_real_distribution<double> chance;
    const bool fails = chance(rng_) < usual || (t >= onset_ && chance(rng_) < cell_.severity);
    std::lognormal_distribution<double> setup(std::log(kSetupMedian), kSetupSigma);
    open_.push_back({t, fails ? 1e18 : t + setup(rng_), Level(usual)});
  }
  double Says(const Attempt& a, double now) const {
    if (a.active <= now) return ratios_.success;
    const auto age = static_cast<size_t>(std::min(now - a.start, kExactDeadline) * 100);
    return static_cast<double>(ratios_.pending[static_cast<size_t>(a.level)][age]);
  }

  Cell cell_;
  double onset_, phase_;
  std::mt19937_64 rng_;
  Ratios ratios_;
  std::exponential_distribution<double> gap_;
  double next_ = 0, settled_ = 0;
  std::deque<Attempt> open_;
  uint64_t arrived_ = 0;
};

}  // namespace

Bound::Bound(Cell cell, uint64_t attempts, uint64_t seed) : cell_(cell) {
  Exact exact(cell, 1e18, 0, seed);
  std::vector<double> peaks;
  double peak = 0, now = 0;
  for (; exact.arrived() < attempts; now += kStep) {
    const double z = exact.At(now);
    peak = std::max(peak, z);
    if (z > 0.1 || peak <= 0.1) continue;
    peaks.push_back(peak);  // back to the ground: one excursion
    peak = 0;
  }
  constexpr size_t kEnough = 100;
  std::sort(peaks.rbegin(), peaks.rend());
  const size_t at = std::min(kEnough, peaks.size()) - 1;
  threshold_ = peaks[at] + std::log(static_cast<double>(at + 1) * kMonth / now);
}

double Bound::Delay(uint64_t seed) const {
  const double onset = 30 + 20 / cell_.rate;
  std::mt19937_64 rng(seed);
  const double phase = std::uniform_real_distribution<double>()(rng);
  Exact exact(cell_, onset, phase, seed * 7919 + 1);
  exact.At(onset);
  for (double t = kStep; t < LongestWait(cell_); t += kStep) {
    if (exact.At(onset + t) >= threshold_) return t;
  }
  return 1e9;
}

}  // namespace candor::bench
