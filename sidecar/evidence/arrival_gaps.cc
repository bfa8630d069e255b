// SPDX-License-Identifier: Apache-2.0
#include "evidence/arrival_gaps.h"

#include <algorithm>
#include <cmath>

namespace candor {
namespace {

using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;

constexpr double kMostPerSecond = 1e6;
constexpr double kSecondsPerMonth = 30 * 86400.0;
constexpr double kMemory = 5000;  // gaps
constexpr Duration kKnown = seconds(60);
// A gap of two expected attempts or more is a long one; by chance e^-2 of them are.
constexpr double kLong = 2, kLongByChance = 0.1353;
// The prior: long gaps that exceed kLong by somewhat more than chance does (1).
constexpr double kPrior = 50, kPriorExcess = 1.15;
constexpr double kStandardErrors = 1.5;
// No single gap may stretch the tail that much further.
constexpr double kMostExcess = 20;
constexpr double kLeastLimit = 8;
// Times of the longest usual one: gaps at the same time of day differ.
constexpr double kBeyondUsual = 2;
constexpr Duration kSameTime = minutes(30), kDay = hours(24), kWeek = hours(168);
// Once may have been a fault.
constexpr size_t kRecurs = 2, kFrequent = 4;

}  // namespace

void ArrivalGaps::Arrived(Time at, double per_second) {
  hourly_ = per_second;
  if (arrived_ == 0) first_ = at;
  if (arrived_ > 0) {
    const Time last = arrivals_[(arrived_ - 1) % kMany];
    at = std::max(at, last);
    const ArrivalGap gap = Present(at);
    if (gap.known && gap.expected < ByChance() && unseen_ == Duration(0)) Learn(gap.expected);
    if (gap.known && gap.expected >= ByChance()) {
      if (past_.size() >= kMostPast) past_.pop_front();
      past_.push_back({last - unseen_, gap.expected});
    }
  }
  arrivals_[arrived_++ % kMany] = at;
  unseen_ = Duration(0);
  rate_ = std::min({RateOf(kFew), RateOf(kMany), hourly_});
  if (Plenty()) saved_rate_ = 0;
  if (saved_rate_ > 0) rate_ = std::min(rate_, saved_rate_);
}

void ArrivalGaps::Forget() {
  arrived_ = 0;
  saved_rate_ = 0;
  unseen_ = Duration(0);
}

bool ArrivalGaps::Plenty() const {
  return arrived_ >= kMany && arrivals_[(arrived_ - 1) % kMany] - first_ >= kKnown;
}

ArrivalGap ArrivalGaps::Present(Time now) const {
  ArrivalGap gap;
  if (arrived_ == 0) return gap;
  gap.last = arrivals_[(arrived_ - 1) % kMany];
  gap.known = saved_rate_ > 0 || Plenty();
  if (!gap.known) return gap;
  gap.usual_per_second = rate_;
  gap.expected = rate_ * std::max(0.0, Seconds(now - gap.last));
  gap.limit = ByChance();
  // What is usual is asked only where it matters.
  if (gap.expected >= gap.limit) gap.limit = std::max(gap.limit, Usual(gap.last - unseen_));
  return gap;
}

void ArrivalGaps::Learn(double expected) {
  constexpr double kKeep = 1 - 1 / kMemory;
  gaps_ = gaps_ * kKeep + 1;
  const bool is_long = expected >= kLong;
  long_gaps_ = long_gaps_ * kKeep + (is_long ? 1 : 0);
  excess_ = excess_ * kKeep + (is_long ? std::min(expected - kLong, kMostExcess) : 0);
}

// Of the last so many attempts.
double ArrivalGaps::RateOf(size_t attempts) const {
  const size_t n = std::min<size_t>(attempts, arrived_);
  if (n < 2) return 0;
  const Time oldest = arrivals_[(arrived_ - n) % kMany], newest = arrivals_[(arrived_ - 1) % kMany];
  return static_cast<double>(n - 1) / std::max(1e-3, Seconds(newest - oldest));
}

// The expected attempts that a gap exceeds by chance as often as allowed.
double ArrivalGaps::ByChance() const {
  const double n = long_gaps_ + kPrior, mean = (excess_ + kPrior * kPriorExcess) / n;
  const double tail = std::max(1.0, mean * (1 + kStandardErrors / std::sqrt(n)));
  const double are_long = n / (gaps_ + kPrior / kLongByChance);
  const double per_month = std::max(1.0, hourly_ * kSecondsPerMonth * are_long);
  return std::max(kLeastLimit, kLong + tail * std::log(per_month / std::min(1.0, allowed_)));
}

double ArrivalGaps::Usual(Time began) const {
  return kBeyondUsual *
         std::max({Recurring(began, kDay, 8 * kDay), Recurring(began, kWeek, 3 * kWeek), Frequent(began)});
}

// The second longest of the days (or weeks) on which there was one at this time.
double ArrivalGaps::Recurring(Time began, Duration period, Duration horizon) const {
  constexpr size_t kMostPeriods = 10;
  std::array<double, kMostPeriods> longest{};
  for (const Began& p : past_) {
    const Duration ago = began - p.at;
    const auto periods = static_cast<size_t>(std::max<int64_t>(0, (ago + period / 2) / period));
    if (ago > horizon + kSameTime || periods == 0 || periods >= kMostPeriods) continue;
    const Duration apart = ago - static_cast<int64_t>(periods) * period;
    if (apart > kSameTime || apart < -kSameTime) continue;
    longest[periods] = std::max(longest[periods], p.expected);
  }
  std::sort(longest.begin(), longest.end(), std::greater<>());
  return longest[kRecurs - 1];
}

double ArrivalGaps::Frequent(Time began) const {
  std::vector<double> recent;
  for (const Began& p : past_) {
    if (began - p.at <= 2 * kDay) recent.push_back(p.expected);
  }
  if (recent.size() < kFrequent) return 0;
  std::sort(recent.begin(), recent.end(), std::greater<>());
  return recent[kFrequent - 1];
}

ArrivalGaps::Saved ArrivalGaps::Save(Time now) const {
  Saved out{gaps_, long_gaps_, excess_, {}, 0, {}};
  if (const ArrivalGap gap = Present(now); gap.known) {
    out.per_second = gap.usual_per_second;
    out.since_last = std::max(Duration(0), now - gap.last);
  }
  for (const Began& p : past_) out.past.push_back({now - p.at, p.expected});
  return out;
}

void ArrivalGaps::Restore(const Saved& saved, Duration age, Time now) {
  gaps_ = std::min(saved.gaps, kMemory);
  long_gaps_ = std::min(saved.long_gaps, gaps_);
  excess_ = std::min(saved.excess, long_gaps_ * kMostExcess);
  past_.clear();
  for (const Past& p : saved.past) {
    if (past_.size() < kMostPast && p.age + age <= 4 * kWeek)
      past_.push_back({now - p.age - age, p.expected});
  }
  Forget();
  if (saved.per_second <= 0 || age > kSavedRateFresh || saved.since_last > 4 * kWeek) return;
  saved_rate_ = rate_ = hourly_ = std::min(saved.per_second, kMostPerSecond);
  first_ = arrivals_[0] = now - saved.since_last;
  arrived_ = 1;
  unseen_ = age;
}

}  // namespace candor
