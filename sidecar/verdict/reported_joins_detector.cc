// SPDX-License-Identifier: Apache-2.0
#include "verdict/reported_joins_detector.h"

#include <algorithm>
#include <cmath>

#include "verdict/threshold.h"

namespace candor {
namespace {

constexpr double kFall = 0.1;
constexpr double kLeastJoins = 0.5;     // of the usual rate: below it the callers have gone
constexpr double kMostSuccesses = 0.2;  // of the usual: with more of them nothing fires
// More joins than that, times the usual, are no evidence, but for what a second usually brings and three.
constexpr double kMostUsual = 1.5, kMostBurst = 3;
constexpr double kBeyond = 2;           // of the sum's maximum: recovery is quick
constexpr double kLeastAttempts = 0.5;  // for one join: else the sockets tell nothing
constexpr double kMemory = 800;         // joins
constexpr Duration kChanged = std::chrono::hours(1);
// Of joins. No server takes more: such counters are not of the run before, or of no media server.
constexpr double kMostPerSecond = 10'000;

// Counters that the server sets later than others may fall by one.
double Rise(uint64_t from, uint64_t to) { return static_cast<double>(to) - static_cast<double>(from); }

bool Believable(const ReportedJoins& from, const ReportedJoins& to) {
  const double most = kMostPerSecond * std::max(1.0, Seconds(to.at - from.at));
  return Rise(from.begun, to.begun) <= most && Rise(from.up, to.up) <= most &&
         std::abs(Rise(from.resumed, to.resumed)) <= most;
}

}  // namespace

void Unmatched::Add(Time at, double n) {
  if (n > 0) waiting_.push_back({at, n});
}

void Unmatched::Match(double n) {
  while (n > 0 && !waiting_.empty()) {
    const double taken = std::min(n, waiting_.back().n);
    waiting_.back().n -= taken, n -= taken;
    if (waiting_.back().n <= 0) waiting_.pop_back();
  }
}

double Unmatched::Expire(Time until) {
  double n = 0;
  for (; !waiting_.empty() && waiting_.front().at <= until; waiting_.pop_front()) n += waiting_.front().n;
  return n;
}

double Unmatched::total() const {
  double n = 0;
  for (const Entry& e : waiting_) n += e.n;
  return n;
}

double ReportedJoinsDetector::Sums::share() const {
  const double mean = std::min(1.0, up / joins);
  return std::max(0.0, mean - 2 * std::sqrt(std::max(mean * (1 - mean), 1 / joins) / joins));
}

// True where `read` cannot be compared with the reading before. A server that has restarted counts from 0
// again.
bool ReportedJoinsDetector::Begin(const ReportedJoins& read) {
  const bool again =
      read.run != last_.run || read.begun < last_.begun || read.up < last_.up || !Believable(last_, read);
  if (last_.at != Time{} && !again && read.at - last_.at <= kLongestGap) return false;
  reported_.waiting.Clear();
  sockets_.waiting.Clear();
  last_ = read;
  offered_before_ = offered_;
  return true;
}

void ReportedJoinsDetector::Observe(const ReportedJoins& read) {
  if (read.at <= last_.at && last_.at != Time{}) return;
  if (!read.unavailable.empty()) {
    last_.unavailable = read.unavailable;
    return;
  }
  last_.unavailable.clear();
  if (Begin(read)) return;
  const double resumed = Rise(last_.resumed, read.resumed);
  const double joins = Rise(last_.begun, read.begun), up = Rise(last_.up, read.up);
  const auto attempts = static_cast<double>(offered_ - offered_before_);
  if (usual_.known()) {
    const double seconds = Seconds(read.at - last_.at), usual = usual_.per_second();
    credit_ = std::min(credit_ + kMostUsual * usual * seconds,
                       std::max(1.0, kMostUsual * seconds) * usual + kMostBurst);
  }
  last_ = read;
  offered_before_ = offered_;
  reported_.waiting.Add(read.at, joins);
  sockets_.waiting.Add(read.at, joins);
  reported_.waiting.Match(resumed), sockets_.waiting.Match(resumed);
  Block& block = blocks_.current();
  block.joins += joins - resumed, block.up += up, block.attempts += attempts;
  blocks_.Concluded(static_cast<uint32_t>(joins));
  if (up > 0) came_up_ = read.at, in_vain_ = 0;
  Weigh(std::max(0.0, joins - resumed), up, attempts);
}

void ReportedJoinsDetector::Weigh(double joins, double up, double attempts) {
  reported_.waiting.Match(up);
  const double expired = reported_.waiting.Expire(last_.at - kPatience);
  if (expired > 0) in_vain_ += expired, expired_ = last_.at;
  const bool seen = usual_.known() && usual_.attempts_per_join() >= kLeastAttempts;
  const double per_join = seen ? usual_.attempts_per_join() : 1;
  sockets_.waiting.Match(attempts / per_join);
  const double unseen = sockets_.waiting.Expire(last_.at - kPatience);
  if (!usual_.known()) return ClearScores();
  const double counted = std::min(expired, credit_), counted_unseen = std::min(unseen, credit_);
  credit_ -= counted;
  const bool from_zero = since_ == Time{};
  Raise(&reported_, counted * usual_.share(), up);
  if (seen) Raise(&sockets_, counted_unseen, attempts / per_join);
  if (reported_.sum <= 0 && sockets_.sum <= 0) return ClearScores();
  if (from_zero) {  // with those that wait since then
    since_ = last_.at - kPatience, before_ = came_up_;
    begun_ = expired + reported_.waiting.total();
  } else {
    begun_ += joins;
  }
  up_ += up, attempts_ += attempts;
}

void ReportedJoinsDetector::Raise(Score* score, double expired, double matched) {
  score->sum += (1 - kFall) * expired + std::log(kFall) * matched;
  score->sum = std::clamp(score->sum, 0.0, Threshold() + kBeyond);
}

void ReportedJoinsDetector::ClearScores() {
  reported_.sum = sockets_.sum = 0;
  begun_ = up_ = attempts_ = 0;
  since_ = Time{};
}

double ReportedJoinsDetector::Threshold() const {
  return ProvenThreshold(usual_.known() ? std::max(1e-3, usual_.per_second()) : 1e-3, allowance_);
}

// `found` of what `usual` of the present joins bring.
bool ReportedJoinsDetector::Fires(const Score& score, double share_of_threshold, double found,
                                  double usual) const {
  if (since_ == Time{} || score.sum <= 0 || score.sum < share_of_threshold * Threshold()) return false;
  const double as_usual = usual_.per_second() * std::max(1.0, Seconds(last_.at - since_));
  return begun_ >= kLeastJoins * as_usual && found <= kMostSuccesses * usual * as_usual;
}

void ReportedJoinsDetector::Advance(Time now, bool kept_away) {
  if (last_.at != Time{} && now - last_.at > kFresh) ClearScores();
  const bool suspected = reported_.sum >= Threshold() / 4;
  if (!suspected) suspected_since_ = now;
  if (now - suspected_since_ > kChanged) changed_until_ = now + kChanged;
  const bool changed = now < changed_until_;
  if (changed) ClearScores();
  const double share = usual_.known() ? usual_.share() : 0;
  const double attempts = usual_.known() ? usual_.attempts_per_join() : 0;
  const bool fires = Fires(reported_, 1, up_, share);
  const bool agree = Fires(sockets_, 0.5, attempts_, attempts) && since_ - before_ <= kRecent;
  fired_.Update(fires, !Fires(reported_, 0.5, up_, share));
  // A monitor that joins without media, and is all that still comes, must not hold an alarm for ever.
  if (!fired()) in_vain_ = 0;
  confirmed_ = fired() && before_ != Time{} && (agree || (confirmed_ && sockets_.sum > 0));
  Learn(now, !kept_away && (!suspected || changed));
}

void ReportedJoinsDetector::Learn(Time now, bool learn) {
  if (!learn) {
    static_cast<Block&>(blocks_.current()) = {};
    for (auto& block : blocks_.waiting()) static_cast<Block&>(block) = {};
  }
  blocks_.Advance(now, [this](const LaggedBlocks<Block>::Block& b) {
    if (b.joins <= 0) return;
    const double keep = std::exp(-b.joins / kMemory);
    usual_.joins = usual_.joins * keep + b.joins, usual_.up = usual_.up * keep + std::min(b.up, b.joins);
    usual_.attempts = usual_.attempts * keep + b.attempts;
    usual_.seconds = usual_.seconds * keep + Seconds(b.end - b.begin);
  });
}

ReportedJoinEvidence ReportedJoinsDetector::Evidence(Time now) const {
  ReportedJoinEvidence e;
  e.counters = last_;
  if (!last_.unavailable.empty()) {
    e.unknown = last_.unavailable;
  } else if (!usual_.known()) {
    e.unknown = "too few joins yet, or too few come up, to know what is usual";
  }
  if (!usual_.known()) return e;
  e.usual_share = usual_.share();
  e.usual_attempts = usual_.attempts_per_join();
  const auto whole = [](double n) { return static_cast<uint64_t>(std::llround(std::max(0.0, n))); };
  e.begun = whole(begun_), e.up = whole(up_), e.attempts = whole(attempts_);
  e.expected = begun_ * usual_.share();
  e.fired = fired();
  e.window = since_ == Time{} ? Duration(0) : now - since_;
  e.score = reported_.sum, e.socket_score = sockets_.sum;
  e.threshold = Threshold();
  return e;
}

}  // namespace candor
