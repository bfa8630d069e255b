// SPDX-License-Identifier: Apache-2.0
//
// One attempt: the merged state of its flows. Pure; owned and driven by AttemptTracker.
// Tested in tests/attempt/attempt_tracker_test.cc.
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
  // 5-tuples followed for one attempt: a client has at most 100 candidate pairs (RFC 8445 section 6.1.2.5),
  // an attacker with a known ufrag can create more.
  static constexpr size_t kMaxFlows = 100;

  Attempt(uint64_t id, const FlowKey& key, const FlowState& state, Time now);

  // Merges a flow's newest state; false when the flow is new and kMaxFlows are followed already.
  bool Update(const FlowKey& key, const FlowState& state);
  // An ICE restart (RFC 8445 section 9) gave it the 5-tuple of an attempt that had carried `media`
  // (MediaBits): the session below continues, and its media counts here too.
  void ContinueSession(uint8_t media);
  // Such an attempt is active once its checks are answered and no new handshake begins for
  // `response_timeout`; it needs no new media.
  void ContinueIfAnswered(Time now, Duration response_timeout);
  // A call older than Candor shows its ufrag late, with its next consent check.
  void Adopt(const FlowState& state);
  // The attempt holds this flow in another generation.
  bool IsOlder(const FlowKey& key, const FlowState& state) const;
  // The flow belongs to another attempt now, or has ended. False when nothing is left that makes an attempt:
  // the last flow, or an allocation's client flow.
  bool Drop(const FlowKey& key);

  uint64_t id() const { return id_; }
  bool plain() const { return plain_; }
  // Plain RTP, or SRTP with keys from the signalling: no packet on the wire requires an answer.
  bool bare() const { return plain_ && (flags_ & (CANDOR_F_DTLS_IN | CANDOR_F_DTLS_OUT)) == 0; }
  // The beginning of some flow was seen. The first plain call on a 5-tuple never shows it.
  bool seen_to_begin() const { return (flags_ & CANDOR_F_BEGAN) != 0; }
  // The peer's first seen check triggered one of the node's (RFC 8445 section 7.3.1.4), as on a new pair. On
  // a pair in use the checks of both sides come as close together about once in fifty times.
  bool triggered() const { return triggered_; }
  // This 5-tuple carries another session under the same two halves of USERNAME: a handshake begins on it
  // while another 5-tuple is secured, or a second after one began from another address. A client that only
  // changes its pair keeps its session, and changes the pair early in the handshake.
  bool IsAnotherSession(const FlowKey& key, const FlowState& state) const;
  // An allocation at the node as TURN server; null for all other attempts.
  const Relay* relay() const { return relay_ ? &*relay_ : nullptr; }
  void ExpectOutside() {
    if (relay_) relay_->ExpectOutside();
  }
  const RelayedAddresses& relayed() const { return relayed_; }
  Time first() const { return first_; }
  // When the node first had something to do: for an allocation the client's first packet through it.
  Time began() const { return relay_ && relay_->used() ? relay_->used_at() : first_; }
  Time active_at() const { return active_at_; }
  bool acknowledged() const { return (flags_ & CANDOR_F_ACKNOWLEDGED) != 0; }
  // The node sent what acknowledges it, and its kernel dropped that.
  void NoteLostAcknowledgement() {
    if (!plain_ || (flags_ & CANDOR_F_RTP_VALID) != 0 || !bare()) flags_ |= CANDOR_F_ACKNOWLEDGED;
  }
  // The node itself sends checks to this peer, so the signalling named it.
  bool node_initiated() const { return (flags_ & CANDOR_F_NODE_CHECKS) != 0; }
  // A check with USERNAME and MESSAGE-INTEGRITY came. Only the node can verify them.
  bool credentialed() const { return (flags_ & CANDOR_F_CREDENTIALED) != 0; }
  // Some flow has received a second check.
  bool repeats_request() const;
  // Plain media past its probation (RFC 3550 A.1).
  bool proven_media() const { return (flags_ & CANDOR_F_RTP_VALID) != 0; }
  // An alert ended it before it was active. A peer's close_notify after a complete handshake is no refusal.
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
  // Of a plain call: when the peer began to send media, and when the node's first media after that came;
  // Time{}: not yet. Early media, sent before the peer's first packet, does not count as served.
  Time peer_media_since() const { return peer_media_since_; }
  Time served_at() const { return served_at_; }
  // The node has sent RTCP on a port of its own.
  bool node_sent_rtcp() const;
  Time last_heard() const { return last_in_ > last_out_ ? last_in_ : last_out_; }
  // Of the flow with the farthest phase, the latest heard among equals.
  IpAddress peer() const;
  const std::vector<FlowKey>& keys() const { return keys_; }
  const std::vector<FlowState>& states() const { return states_; }
  uint64_t ufrag_hash() const { return ufrag_hash_; }

  // The side that has exceeded its timeout, by the flow with the farthest phase. `likely_client` is taken for
  // the silence between nomination and the first ClientHello.
  WaitingOn WaitingOnAt(Time now, const Timeouts& timeouts, WaitingOn likely_client) const;
  // A request waits for its answer, or was repeated after it.
  bool request_pending() const { return Best().ice.node_ns != 0 || Best().path_ns != 0; }
  // Which side sent a ClientHello: kNode, kPeer, or kNone when none was seen.
  WaitingOn dtls_client() const;
  // Of an active one whose peer goes on: the node has answered no check, or sent no media. On a plain call
  // `media` alone is weak evidence (plain_calls.h).
  struct Silence {
    bool checks = false, media = false;
  };
  Silence NodeSilence(Time now, Duration check_timeout, Duration media_timeout) const;

  AttemptView View() const;

 private:
  void Merge();
  void Take(const FlowState& state);
  void NoteService(bool only_node_before);
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
  Time peer_media_since_{}, served_at_{};
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
