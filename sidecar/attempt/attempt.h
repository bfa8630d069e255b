// SPDX-License-Identifier: Apache-2.0
//
// One attempt: what its flows say together. Pure; owned and driven by AttemptTracker.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "attempt/attempt_event.h"
#include "attempt/attempt_view.h"
#include "attempt/relay.h"
#include "attempt/waiting_on.h"
#include "flow/flow.h"

namespace candor {

class Attempt {
 public:
  // At most this many 5-tuples are followed for one attempt; a stranger who knows a ufrag can make more,
  // a client has a few dozen candidate pairs at most (RFC 8445 section 6.1.2.5: 100).
  static constexpr size_t kMaxFlows = 100;

  Attempt(uint64_t id, const FlowKey& key, const FlowState& state, Time now);

  // Takes in a flow's newest state; false when the flow is new and kMaxFlows are followed already.
  bool Update(const FlowKey& key, const FlowState& state);
  // It takes over a 5-tuple by an ICE restart (RFC 8445 section 9) while media of the kinds `media` has
  // flowed there: the session goes on below it, and what was carried stays carried.
  void Continues(uint8_t media);
  // Such a session needs no new media to be active: checks that are answered, and for `response_timeout` no
  // handshake of a new session.
  void ContinueIfAnswered(Time now, Duration response_timeout);
  // A call that was under way when Candor came shows its ufrag late, with its next consent check.
  void Adopt(const FlowState& state);
  // The attempt has this flow in an older generation.
  bool IsOlder(const FlowKey& key, const FlowState& state) const;
  // The flow now belongs to somebody else, or is gone. Returns whether another is left that makes an attempt:
  // an allocation is nothing without its client's flow.
  bool Drop(const FlowKey& key);

  uint64_t id() const { return id_; }
  bool plain() const { return plain_; }
  // Plain RTP (or SRTP with keys from the signalling): nothing on the wire asks for an answer.
  bool bare() const { return plain_ && (flags_ & (CANDOR_F_DTLS_IN | CANDOR_F_DTLS_OUT)) == 0; }
  // Some flow was seen to begin. The first plain call on a 5-tuple never shows it.
  bool seen_to_begin() const { return (flags_ & CANDOR_F_BEGAN) != 0; }
  // The first check that was seen of the peer triggered one of the node's (RFC 8445 section 7.3.1.4), as on a
  // pair that begins. On a pair in use the two sides' checks meet so closely about once in fifty times.
  bool triggered() const { return triggered_; }
  // Another session shows on this 5-tuple under the same two halves of USERNAME: a handshake begins on it
  // while another 5-tuple is secured, or a second after one has begun from another address. A client that
  // only changes its pair goes on with the session that it has, and changes it early in the handshake.
  bool IsAnotherSession(const FlowKey& key, const FlowState& state) const;
  // An allocation at the node, which is a TURN server; null for all other attempts.
  const Relay* relay() const { return relay_ ? &*relay_ : nullptr; }
  void ExpectOutside() {
    if (relay_) relay_->ExpectOutside();
  }
  const RelayedAddresses& relayed() const { return relayed_; }
  Time first() const { return first_; }
  // When it began to need anything: an allocation when the client first sends through it.
  Time began() const { return relay_ && relay_->used() ? relay_->used_at() : first_; }
  Time active_at() const { return active_at_; }
  bool acknowledged() const { return (flags_ & CANDOR_F_ACKNOWLEDGED) != 0; }
  // The node itself checks this peer: it exists in the signalling, whoever answers.
  bool node_initiated() const { return (flags_ & CANDOR_F_NODE_CHECKS) != 0; }
  // A check with USERNAME and MESSAGE-INTEGRITY came: whether they are right only the node knows.
  bool credentialed() const { return (flags_ & CANDOR_F_CREDENTIALED) != 0; }
  // Some flow has seen a second check.
  bool repeats_request() const;
  // Plain media past its probation (RFC 3550 A.1).
  bool proven_media() const { return (flags_ & CANDOR_F_RTP_VALID) != 0; }
  // An alert ended it before it was active; what the peer says after a complete handshake is a goodbye.
  bool refused_by_alert() const {
    return (flags_ & (CANDOR_F_ALERT_IN | CANDOR_F_ALERT_OUT)) != 0 || (marks_ & CANDOR_M_CLOSED_OUT) != 0;
  }
  bool closed_by_peer() const { return (flags_ & CANDOR_F_CLOSED_IN) != 0; }
  uint16_t stun_error() const { return stun_error_; }
  bool heard() const { return last_in_ != Time{}; }
  Phase phase() const { return phase_; }
  Time last_in() const { return last_in_; }
  Time last_out() const { return last_out_; }
  Time last_media_in() const { return last_media_in_; }
  Time last_media_out() const { return last_media_out_; }
  uint8_t media() const { return media_; }  // MediaBits
  // Of a plain call: since when the peer has sent media (Time{}: never), and when the node's first media came
  // after that. Early media, which the peer heard before it spoke, is none of it.
  Time peer_media_since() const { return asked_; }
  Time served_at() const { return served_; }
  // RTCP on a port of its own had been flowing from the node.
  bool node_sent_rtcp() const;
  Time last_heard() const { return last_in_ > last_out_ ? last_in_ : last_out_; }
  // Of the flow that came farthest and was heard last.
  IpAddress peer() const;
  const std::vector<FlowKey>& keys() const { return keys_; }
  const std::vector<FlowState>& states() const { return states_; }
  uint64_t ufrag_hash() const { return ufrag_hash_; }

  // Who owes past response_timeout, by the flow that came farthest. `likely_client` settles the silence
  // between nomination and the first ClientHello.
  WaitingOn WaitingOnAt(Time now, const Timeouts& response_timeout, WaitingOn likely_client) const;
  // A request waits for its answer, or was asked again after it.
  bool request_pending() const { return Best().ice.node_ns != 0 || Best().path_ns != 0; }
  // Which side sent a ClientHello: kNode, kPeer, or kNone when none was seen.
  WaitingOn dtls_client() const;
  // An active one: the peer goes on, and the node has answered nothing (`checks`) or sent nothing (`media`).
  // On a plain call the latter alone says little (plain_calls.h).
  struct Silence {
    bool checks = false, media = false;
  };
  Silence NodeSilence(Time now, Duration check_patience, Duration media_timeout) const;

  AttemptView View() const;

 private:
  void Merge();
  void Take(const FlowState& state);
  void NoteService(bool spoke_before);
  bool IsOutside(const FlowState& state) const;
  void ChooseBest();
  const FlowState& Best() const;

  uint64_t id_;
  bool plain_;
  std::string key_text_;
  uint64_t ufrag_hash_;
  bool triggered_ = false;
  Time first_;
  Time active_at_{};
  Time answered_at_{}, nominated_at_{};
  Time asked_{}, served_{};
  Time last_in_{}, last_out_{}, last_media_in_{}, last_media_out_{};
  Phase phase_ = Phase::kNone;
  uint32_t flags_ = 0;
  uint32_t marks_ = 0;
  uint32_t repeats_ = 0;
  uint16_t stun_error_ = 0;
  uint8_t alert_ = 0;
  uint8_t media_ = 0;
  bool continues_ = false;
  bool early_media_ = false;
  size_t best_ = 0;
  std::optional<Relay> relay_;
  RelayedAddresses relayed_{};
  std::vector<FlowKey> keys_;
  std::vector<FlowState> states_;
};

}  // namespace candor
