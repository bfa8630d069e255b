// SPDX-License-Identifier: Apache-2.0
//
// The part of AttemptTracker that takes lost packets.
// Tested in tests/attempt/lost_flows_test.cc.
#include <algorithm>

#include "attempt/attempt_tracker.h"

namespace candor {
namespace {

// A 5-tuple in use is silent for no longer: another ufrag on it is another session, not a stranger's.
constexpr Duration kInUse = std::chrono::seconds(2);

constexpr size_t kSlots = 4;  // times max_lost: of the ids, ended ones included, between two clean-ups

}  // namespace

// Makes room at the bound: the oldest gives way once it is over.
bool AttemptTracker::RoomForLost(const FlowEvent& e) {
  while (lost_open_ >= options_.max_lost && !lost_ids_.empty()) {
    const auto it = open_.find(lost_ids_.front());
    const bool lost = it != open_.end() && !it->second.at_socket;
    if (lost && !it->second.closed) break;
    if (lost) End(it, e.at, nullptr);
    lost_ids_.pop_front();
  }
  if (lost_open_ < options_.max_lost) return true;
  ++counts_.lost_refused;
  return false;
}

void AttemptTracker::OnLost(const FlowEvent& e, LostReason reason) {
  if (started_ == Time{}) Begin(std::min(e.at, TimeFromNanos(e.flow.first_ns)));
  if (FindAttempt(e, index_.Owner(e.key)) == 0 && !RoomForLost(e)) return;
  const uint64_t before = next_id_;
  OpenAttempt* o = OpenFor(e);
  if (o == nullptr) return;
  if (next_id_ != before) lost_ids_.push_back(o->attempt.id());
  if (lost_ids_.size() > kSlots * options_.max_lost) {
    std::erase_if(lost_ids_, [&](uint64_t id) {
      const auto it = open_.find(id);
      return it == open_.end() || it->second.at_socket;
    });
  }
  if ((e.flow.flags & CANDOR_F_CREDENTIALED) != 0)
    o->lost_of_peer.Note(RemoteOf(e.key).address, e.flow.checks_in);
  o->lost.Note(e.at, reason, o->at_socket ? o->attempt.last_in() : Time{});
  Take(*o, e);
}

// By the ufrag of a check, else by the 5-tuple.
OpenAttempt* AttemptTracker::AtSocket(const LostContent& c, Time at) {
  const auto known = [&](uint64_t id) -> OpenAttempt* {
    const auto it = open_.find(id);
    return it != open_.end() && it->second.at_socket ? &it->second : nullptr;
  };
  FlowState named{};
  named.ufrag_hash = c.ufrag_hash;
  if (c.ufrag_hash != 0) {
    if (OpenAttempt* o = known(index_.Find(c.key, named)); o != nullptr) return o;
  }
  OpenAttempt* o = known(index_.Owner(c.key));
  if (o == nullptr || c.ufrag_hash == 0 || o->attempt.ufrag_hash() == 0) return o;
  return at - o->attempt.last_heard() < kInUse ? o : nullptr;
}

bool AttemptTracker::NoteLost(const LostContent& c, Time at, LostReason reason) {
  OpenAttempt* o = AtSocket(c, at);
  if (o == nullptr) return false;
  Attempt& a = o->attempt;
  // The node's own checks are no answer: full ICE tries addresses that no rule lets out.
  if (reason.direction == CANDOR_OUT && c.check) return true;
  o->lost.Note(at, reason, reason.direction == CANDOR_IN ? a.last_in() : a.last_out());
  const bool asks = c.credentialed && reason.direction == CANDOR_IN && !o->reached;
  if (asks) o->lost_of_peer.Note(RemoteOf(c.key).address, o->lost_of_peer.checks + 1);
  const bool acknowledges = c.acknowledges && !a.acknowledged();
  if (acknowledges) a.NoteLostAcknowledgement();
  if (asks || acknowledges) evaluator_.Advance(*o, at);
  return true;
}

}  // namespace candor
