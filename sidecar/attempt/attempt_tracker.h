// SPDX-License-Identifier: Apache-2.0
//
// Groups flows into attempts: all flows under one ufrag of the node are one attempt (RFC 8445), so are a
// plain RTP flow and its RTCP sibling, and an allocation at a TURN server and the flows at its relayed
// addresses. Decides which flows belong to which attempt; AttemptEvaluator decides what becomes of it. Pure
// but for the FlowSource in which it looks flows up; one thread.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <queue>
#include <utility>
#include <vector>

#include "attempt/attempt_evaluator.h"
#include "attempt/attempt_lists.h"
#include "attempt/flow_index.h"
#include "flow/flow_source.h"
#include "flow/lost_content.h"

namespace candor {

// A media server of the node as attempts know it.
struct AttemptServer {
  uint32_t id = 0;  // 0: none is known
  Role role = Role::kLearned;
};
// That of the attempt which the flow begins. Called once for each attempt, which belongs to it from then on.
using ServerOf = std::function<AttemptServer(const FlowEvent&)>;

class AttemptTracker {
 public:
  AttemptTracker(AttemptOptions options, AttemptSink sink, ServerOf server_of = {})
      : options_(options),
        server_of_(std::move(server_of)),
        evaluator_(options_, std::move(sink), &counts_),
        ended_(options.history) {}
  AttemptTracker(const AttemptTracker&) = delete;
  AttemptTracker& operator=(const AttemptTracker&) = delete;

  // The time at which the source began to observe, before the first OnFlow(). Without it the first flow's
  // time.
  void Begin(Time at) { started_ = at; }
  // A change of one flow, in order of time.
  void OnFlow(const FlowEvent& e);
  // The newest state of a flow whose packets were all dropped before a socket, with the reason of the newest
  // one (LostFlows).
  void OnLost(const FlowEvent& e, LostReason reason);
  // Notes a lost packet of an attempt that its socket knows. False: there is none.
  bool NoteLost(const LostContent& c, Time at, LostReason reason);
  // An open attempt has this flow.
  bool Owns(const FlowKey& key) const { return index_.Owner(key) != 0; }
  // Looks up pending and young active attempts in `source`, older ones rarely; concludes what is due and
  // forgets idle flows. At most some 700 look-ups a second and one a minute for each active attempt, however
  // many are open.
  void Tick(Time now, FlowSource& source);
  AttemptCounts counts() const;  // of all servers
  // Zeros for a server without attempts.
  AttemptCounts CountsOf(uint32_t server) const;
  // When the sockets of the server's attempts last received and sent, as of their last changes and look-ups.
  NodeActivity ActivityOf(uint32_t server) const;
  // Its past attempts count to no server from now on, but in counts(). False: it has an open attempt.
  bool ForgetServer(uint32_t server);
  // Newest first, open ones before ended ones, at most `limit`. An active one is shown as of its last change
  // or look-up: up to 5 s ago, with more than 1,000 open up to a minute.
  std::vector<AttemptView> Attempts(size_t limit) const { return NewestFirst(open_, ended_, limit); }
  std::vector<FlowView> Flows(size_t limit) const { return FlowsOf(open_, limit); }
  // Every attempt still held, in order of first packet: the open ones and the last `history` ended ones.
  void ForEachAttempt(const std::function<void(const AttemptView&)>& visit) const {
    for (const AttemptView& v : OldestFirst(open_, ended_)) visit(v);
  }

 private:
  OpenAttempt* OpenFor(const FlowEvent& e);
  uint64_t FindAttempt(const FlowEvent& e, uint64_t owner);
  uint64_t FindKnown(const FlowEvent& e, uint64_t owner) const;
  OpenAttempt& Start(uint64_t id, const FlowEvent& e);
  void LeaveOwner(const FlowEvent& e, uint64_t owner, uint64_t successor);
  void EndCall(OpenAttempts::iterator it, const FlowEvent& e);
  void Take(OpenAttempt& o, const FlowEvent& e);
  bool RoomForLost(const FlowEvent& e);
  OpenAttempt* AtSocket(const LostContent& c, Time at);
  void NoteRelay(OpenAttempt& o, const FlowEvent& e);
  void YieldToInner(uint64_t a, uint64_t b, Time now);
  Duration Interval(OpenAttempt& o, Time now);
  void ScheduleLook(OpenAttempt& o, Time when);
  std::vector<uint64_t> Due(Time now);
  void Lookup(OpenAttempt& o, Time now, FlowSource& source);
  void CountPhase(OpenAttempt& o);
  void End(OpenAttempts::iterator it, Time now, FlowSource* source);
  void MakeRoom(Time now);

  AttemptOptions options_;
  ServerOf server_of_;
  AttemptCounts counts_;                      // of forgotten servers
  std::map<uint32_t, ServerTotals> servers_;  // whose values stay in place: open attempts point to them
  AttemptEvaluator evaluator_;
  Time started_{};
  uint64_t next_id_ = 1;
  OpenAttempts open_;
  size_t young_ = 0;  // of the open ones: OpenAttempt::young
  // Times of look-ups. The entry that equals its attempt's next_look is valid, others are outdated.
  using TimeAndId = std::pair<Time, uint64_t>;
  std::priority_queue<TimeAndId, std::vector<TimeAndId>, std::greater<>> looks_;
  AttemptHistory ended_;
  FlowIndex index_;
  bool relays_show_outside_ = false;
  std::deque<uint64_t>
      lost_ids_;                // opened by OnLost(), oldest first; ended ones included until they are first
  size_t lost_open_ = 0;        // of the open ones: not OpenAttempt::at_socket
  std::vector<FlowKey> stale_;  // RTCP flows of ended plain calls, to be forgotten at the next tick
};

}  // namespace candor
