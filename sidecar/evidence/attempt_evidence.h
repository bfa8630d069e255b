// SPDX-License-Identifier: Apache-2.0
//
// Turns attempt events into evidence: which attempts count (acknowledged, no retry), their state, and when
// they are concluded. An attempt that ended and becomes active late, such as a call that rang beyond the
// deadline, is a success. Reports to an EvidenceListener. Bounded: the oldest attempt is evicted, counted.
// Pure; one thread.
#pragma once

#include <cstdint>

#include "attempt/attempt_event.h"
#include "evidence/attempt_queue.h"
#include "evidence/client_networks.h"
#include "evidence/contribution.h"
#include "evidence/ended_attempts.h"
#include "evidence/retry_filter.h"

namespace candor {

struct AttemptEvidenceOptions {
  ContributionOptions contribution;
  ClientNetworkOptions networks;
  Duration conclusion_grace = std::chrono::milliseconds(500);  // for the source's kClosed at the deadline
  Duration retry_silence = std::chrono::seconds(60);
  size_t max_attempts = 65536;
  // Attempts that ended without becoming active and may still be answered: those of a minute at 70 a second.
  // The oldest are evicted.
  size_t max_late = 4096;
};

class EvidenceListener {
 public:
  virtual ~EvidenceListener() = default;
  // Again, with `at_socket`, when an attempt that was lost so far reaches a socket.
  virtual void OnOffered(const AttemptRecord& r) = 0;
  // The node acknowledged it; `r.counted`: it is evidence.
  virtual void OnAcknowledged(const AttemptRecord& r, Time at) = 0;
  virtual void OnActive(const AttemptRecord& r) = 0;
  // Its outcome is final. In order of arrival, at the latest after deadline and grace.
  virtual void OnConcluded(const AttemptRecord& r, Time now) = 0;
  // Whether it dropped early is final. In order of becoming active.
  virtual void OnDropConcluded(const AttemptRecord& r, Time now) = 0;
  // `before`, which was concluded without becoming active, has become active as `r`. OnAcknowledged() and
  // OnActive() come first, as for any other.
  virtual void OnLate(const AttemptRecord& before, const AttemptRecord& r, Time now) = 0;
};

class AttemptEvidence {
 public:
  AttemptEvidence(AttemptEvidenceOptions options, EvidenceListener* listener);

  void Observe(const AttemptEvent& e);
  // Reports the attempts that are concluded at `now`.
  void Conclude(Time now);

  const AttemptQueue& arrivals() const { return arrivals_; }  // not concluded yet
  const AttemptQueue& actives() const { return actives_; }    // within 30 s of becoming active

  size_t open_drops() const { return open_drops_; }  // of `actives`, those that dropped

  uint64_t ignored_retry() const { return ignored_retry_; }
  uint64_t ignored_unacknowledged() const { return ignored_unacknowledged_; }
  uint64_t evicted() const { return evicted_; }

 private:
  void Offer(const AttemptEvent& e);
  void ReachSocket(AttemptRecord* r, Time at);
  void Acknowledge(AttemptRecord* r, Time at);
  void Activate(AttemptRecord* r, Time at);
  void Close(AttemptRecord* r, Outcome outcome, Time at);
  void CloseActive(const AttemptEvent& e);
  void Reopen(AttemptRecord* r);
  void ActivateLate(const AttemptEvent& e);
  void Release(const AttemptRecord& r, bool failed, Time at);
  void PopArrival(Time now);
  void ExcludeIfBroken(const IpAddress& address);

  AttemptEvidenceOptions options_;
  EvidenceListener* listener_;
  ClientNetworks networks_;
  SourceSuccesses sources_;
  AttemptQueue arrivals_, actives_;
  EndedAttempts ended_;
  RetryFilter acknowledged_filter_, offered_filter_;
  RetryFilter
      lost_filter_;  // of what never reached a socket: senders can be forged, and must not mute others
  size_t open_drops_ = 0;
  uint64_t counted_ = 0, successes_ = 0;  // counted attempts, since start
  uint64_t ignored_retry_ = 0, ignored_unacknowledged_ = 0, evicted_ = 0;
};

}  // namespace candor
