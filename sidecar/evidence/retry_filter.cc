// SPDX-License-Identifier: Apache-2.0
#include "evidence/retry_filter.h"

namespace candor {
namespace {

// The success rate of a working source: a carrier has a few failed calls, too.
constexpr double kNearlyAll = 0.9;

}  // namespace

bool RetryFilter::Admit(const IpAddress& address, uint64_t attempt, Time now) {
  Trim(now);
  const auto found = index_.find(address);
  if (found == index_.end()) {
    entries_.push_back({address, {}, {}, false, 1, attempt, 0, 0, 0});
    index_.emplace(address, std::prev(entries_.end()));
    return true;
  }
  Entry& e = *found->second;
  entries_.splice(entries_.end(), entries_, found->second);
  const bool silenced = Silenced(e, now);
  const bool has_ceased = silenced && sources_->HasStopped(address, e.failing, now);
  if ((e.pending > 0 || silenced) && !has_ceased) {
    if (silenced && e.successes < kNearlyAll * ++e.rejected) e.failed = now;
    return false;
  }
  ++e.pending;
  e.attempt = attempt;
  e.retries = 0;
  return true;
}

uint64_t RetryFilter::CountRetry(const IpAddress& address) {
  const auto found = index_.find(address);
  if (found == index_.end() || found->second->pending == 0) return 0;
  return ++found->second->retries >= kMaxRetries ? found->second->attempt : 0;
}

void RetryFilter::Succeeded(const IpAddress& address) {
  const auto found = index_.find(address);
  if (found == index_.end()) return;  // evicted
  Entry& e = *found->second;
  if (e.pending > 0) --e.pending;
  if (e.pending == 0 && !e.has_failed) Erase(found->second);
}

void RetryFilter::Failed(const IpAddress& address, Time now) {
  const auto found = index_.find(address);
  if (found == index_.end()) return;
  Entry& e = *found->second;
  if (e.pending > 0) --e.pending;
  if (!Silenced(e, now)) e.failing = now, e.rejected = e.successes = 0;
  e.has_failed = true;
  e.failed = now;
  entries_.splice(entries_.end(), entries_, found->second);
}

void RetryFilter::ObserveSuccess(const IpAddress& address) {
  const auto found = index_.find(address);
  if (found != index_.end()) ++found->second->successes;
}

void RetryFilter::Retract(const IpAddress& address) {
  const auto found = index_.find(address);
  if (found == index_.end()) return;
  found->second->has_failed = false;
  if (found->second->pending == 0) Erase(found->second);
}

void RetryFilter::Trim(Time now) {
  while (!entries_.empty()) {
    const Entry& oldest = entries_.front();
    const bool idle = oldest.pending == 0 && (!oldest.has_failed || now - oldest.failed >= silence_);
    if (!idle && entries_.size() < max_) return;
    if (!idle) ++evicted_;
    Erase(entries_.begin());
  }
}

void RetryFilter::Erase(List::iterator it) {
  index_.erase(it->address);
  entries_.erase(it);
}

}  // namespace candor
