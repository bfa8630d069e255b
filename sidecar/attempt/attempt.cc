// SPDX-License-Identifier: Apache-2.0
#include "attempt/attempt.h"

#include <algorithm>

#include "flow/state_machine.h"

namespace candor {
namespace {

constexpr uint32_t kIn = CANDOR_F_MEDIA_IN | CANDOR_F_DATA_IN;
constexpr uint32_t kOut = CANDOR_F_MEDIA_OUT | CANDOR_F_DATA_OUT;
constexpr uint32_t kHandshake = CANDOR_F_DTLS_IN | CANDOR_F_DTLS_OUT;
constexpr uint32_t kHello = CANDOR_F_PEER_CLIENT | CANDOR_F_NODE_CLIENT;
// Early media may end this long after the peer has begun; later packets belong to the call.
constexpr Duration kBeyondEarlyMedia = std::chrono::seconds(1);

// Farthest phase first, then the latest packet in: half of the 5-tuples of a healthy attempt stay unused.
bool Better(const FlowState& a, const FlowState& b) {
  if (a.phase != b.phase) return a.phase > b.phase;
  return a.last_in_ns > b.last_in_ns;
}

// A server's first flight follows the ClientHello, and its larger one the cookie that the peer sent back.
bool SmallFlightPassed(const FlowState& s) {
  if ((s.flags & CANDOR_F_NODE_CLIENT) != 0)
    return (s.flags & CANDOR_F_DTLS_IN) != 0 &&
           ((s.flags & CANDOR_F_CLIENT_KEYS) != 0 || s.hs[CANDOR_OUT] == CANDOR_HS_EPOCH);
  constexpr uint16_t kWithCookie = 2;  // marks (abi.h): the first message is 1
  return (s.flags & CANDOR_F_PEER_CLIENT) != 0 && s.hs[CANDOR_IN] >= kWithCookie &&
         s.hs[CANDOR_OUT] >= kWithCookie;
}

Time Later(Time a, uint64_t b_ns) { return std::max(a, TimeFromNanos(b_ns)); }

uint8_t MediaOf(uint32_t flags) {
  return static_cast<uint8_t>(
      ((flags & CANDOR_F_RTP_IN) != 0 ? kRtpIn : 0) | ((flags & CANDOR_F_RTP_OUT) != 0 ? kRtpOut : 0) |
      ((flags & CANDOR_F_DATA_IN) != 0 ? kDataIn : 0) | ((flags & CANDOR_F_DATA_OUT) != 0 ? kDataOut : 0));
}

}  // namespace

Attempt::Attempt(uint64_t id, const FlowKey& key, const FlowState& state, Time now)
    : id_(id),
      plain_(state.ufrag_hash == 0 && (state.flags & CANDOR_F_TURN_SERVER) == 0),
      key_text_(state.ufrag_hash == 0 ? std::to_string(key.local_port) : UfragText(state)),
      ufrag_hash_(state.ufrag_hash),
      // A relayed candidate's flow begins when the node gathers it, the attempt with the first packet.
      first_(state.first_ns != 0 && (state.flags & CANDOR_F_TURN_CLIENT) == 0 ? TimeFromNanos(state.first_ns)
                                                                              : now) {
  if ((state.flags & CANDOR_F_TURN_SERVER) != 0) relay_.emplace();
  Update(key, state);
}

bool Attempt::Update(const FlowKey& key, const FlowState& state) {
  const auto it =
      std::find_if(keys_.begin(), keys_.end(), [&](const FlowKey& k) { return FlowKeyEqual()(k, key); });
  if (it == keys_.end()) {
    if (keys_.size() >= kMaxFlows) return false;
    keys_.push_back(key);
    states_.push_back(state);
  } else {
    states_[static_cast<size_t>(it - keys_.begin())] = state;
  }
  Merge();
  return true;
}

bool Attempt::repeats_request() const {
  return std::any_of(states_.begin(), states_.end(), [](const FlowState& s) { return s.checks_in >= 2; });
}

void Attempt::ContinueSession(uint8_t media) {
  continues_ = true;
  media_ |= media;
}

void Attempt::ContinueIfAnswered(Time now, Duration response_timeout) {
  if (!continues_ || active_at_ != Time{} || answered_at_ == Time{}) return;
  if ((flags_ & kHandshake) != 0 || now - answered_at_ < response_timeout) return;
  active_at_ = answered_at_;
  phase_ = Phase::kActive;
}

bool Attempt::IsAnotherSession(const FlowKey& key, const FlowState& state) const {
  constexpr uint64_t kPairStable = 1'000'000'000;  // ns
  if ((state.flags & kHello) == 0) return false;
  bool other = false;
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (FlowKeyEqual()(keys_[i], key)) {
      if ((states_[i].flags & kHello) != 0) return false;
    } else if ((states_[i].flags & kHello) != 0) {
      const bool elsewhere = RemoteOf(keys_[i]).address != RemoteOf(key).address;
      const bool long_ago = state.first_ns >= states_[i].first_ns + kPairStable;
      other = other || states_[i].phase >= CANDOR_PHASE_SECURED || (elsewhere && long_ago);
    }
  }
  return other;
}

bool Attempt::node_sent_rtcp() const {
  constexpr uint32_t kFlowing = 2;
  return std::any_of(states_.begin(), states_.end(), [](const FlowState& s) {
    return (s.flags & CANDOR_RTP_EITHER) == 0 && s.media_packets[CANDOR_OUT] >= kFlowing;
  });
}

void Attempt::Adopt(const FlowState& state) {
  plain_ = false;
  ufrag_hash_ = state.ufrag_hash;
  key_text_ = UfragText(state);
}

bool Attempt::IsOlder(const FlowKey& key, const FlowState& state) const {
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (FlowKeyEqual()(keys_[i], key)) return states_[i].generation != state.generation;
  }
  return false;
}

bool Attempt::Drop(const FlowKey& key) {
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (!FlowKeyEqual()(keys_[i], key)) continue;
    // The last one stays, for display.
    if (keys_.size() == 1 || (relay_ && !IsOutside(states_[i]))) return false;
    keys_.erase(keys_.begin() + static_cast<std::ptrdiff_t>(i));
    states_.erase(states_.begin() + static_cast<std::ptrdiff_t>(i));
    ChooseBest();
    break;
  }
  return true;
}

// A flow at the relayed address of an allocation is the allocation's other side, not an attempt of its own.
bool Attempt::IsOutside(const FlowState& state) const {
  return relay_ && (state.flags & CANDOR_F_TURN_SERVER) == 0;
}

void Attempt::ChooseBest() {
  best_ = 0;
  for (size_t i = 1; i < states_.size(); ++i) {
    if (IsOutside(states_[i])) continue;
    if (IsOutside(states_[best_]) || Better(states_[i], states_[best_])) best_ = i;
  }
}

void Attempt::Take(const FlowState& s) {
  const bool counts = !plain_ || (s.flags & CANDOR_F_RTP_VALID) != 0 || s.phase != CANDOR_PHASE_NONE;
  flags_ |= counts ? s.flags : 0;
  marks_ |= s.marks;
  constexpr uint32_t kTriggered = 60;  // CANDOR_TICK, 63 ms: beyond Ta of 50 ms
  const bool answered_by_check = s.checks_in == 1 && (s.flags & CANDOR_F_NODE_CHECKS) != 0;
  triggered_ =
      triggered_ || (answered_by_check && s.check_tick[CANDOR_OUT] - s.check_tick[CANDOR_IN] <= kTriggered);
  continues_ = continues_ || (s.marks & CANDOR_M_RESUMED) != 0;
  phase_ = std::max(phase_, static_cast<Phase>(s.phase));
  last_in_ = Later(last_in_, s.last_in_ns);
  last_out_ = Later(last_out_, s.last_out_ns);
  last_media_in_ = Later(last_media_in_, s.last_media_in_ns);
  last_media_out_ = Later(last_media_out_, s.last_media_out_ns);
  if (s.stun_error != 0) stun_error_ = s.stun_error;
  if (s.alert != 0) alert_ = s.alert;
  if (s.active_ns != 0 && active_at_ == Time{}) active_at_ = TimeFromNanos(s.active_ns);
  if (!relay_) return;
  relay_->ObserveClient(s);
  relayed_ = RelayedOf(s);
  for (const RelayedAddress& r : relayed_) {
    if (r.port != 0) key_text_ = std::to_string(r.port);
  }
}

// `only_node_before`: until this update only the node had sent media.
void Attempt::NoteService(bool only_node_before) {
  if (peer_media_since_ == Time{} && (flags_ & CANDOR_F_MEDIA_IN) != 0) {
    early_media_ = only_node_before;
    const Time now = active_at_ != Time{} ? active_at_ : last_media_in_;
    peer_media_since_ = early_media_ ? now : first_;
  }
  if (peer_media_since_ == Time{} || served_at_ != Time{} || (flags_ & CANDOR_F_MEDIA_OUT) == 0) return;
  if (!early_media_) {
    served_at_ = active_at_ != Time{} ? active_at_ : last_media_out_;
  } else if (last_media_out_ - peer_media_since_ >= kBeyondEarlyMedia) {
    served_at_ = peer_media_since_ + kBeyondEarlyMedia;
  }
}

void Attempt::Merge() {
  uint32_t repeats = 0;
  const bool only_node_before = (flags_ & (CANDOR_F_MEDIA_IN | CANDOR_F_MEDIA_OUT)) == CANDOR_F_MEDIA_OUT;
  ChooseBest();
  for (const FlowState& s : states_) {
    if (IsOutside(s)) {
      relay_->ObserveOutside(s);
      continue;
    }
    Take(s);
    repeats += s.repeats;
  }
  repeats_ = std::max(repeats_, repeats);
  // The node acknowledged the session whose ICE restarts here.
  if (continues_ && repeats_request()) flags_ |= CANDOR_F_ACKNOWLEDGED;
  // Media may come in on one pair and leave on another.
  if (active_at_ == Time{} && (flags_ & kIn) != 0 && (flags_ & kOut) != 0) {
    active_at_ = std::max(last_media_in_, last_media_out_);
    phase_ = Phase::kActive;
  }
  if (phase_ >= Phase::kAnswered && answered_at_ == Time{}) answered_at_ = last_heard();
  if (phase_ >= Phase::kNominated && nominated_at_ == Time{}) nominated_at_ = last_heard();
  media_ |= MediaOf(flags_);
  if (plain_) NoteService(only_node_before);
}

WaitingOn Attempt::dtls_client() const {
  if ((flags_ & CANDOR_F_NODE_CLIENT) != 0) return WaitingOn::kNode;
  return (flags_ & CANDOR_F_PEER_CLIENT) != 0 ? WaitingOn::kPeer : WaitingOn::kNone;
}

const FlowState& Attempt::Best() const { return states_[best_]; }

IpAddress Attempt::peer() const { return RemoteOf(keys_[best_]).address; }

WaitingOn Attempt::WaitingOnAt(Time now, const Timeouts& timeouts, WaitingOn likely_client) const {
  if (phase_ == Phase::kActive) return WaitingOn::kNone;
  const WaitingOn waiting_on = WaitingOnPast(Best(), now, timeouts);
  if (relay_) return relay_->WaitsOnNode(timeouts.exchange) ? WaitingOn::kNode : waiting_on;
  if (waiting_on != WaitingOn::kNone) return waiting_on;
  const bool silent = (flags_ & (CANDOR_F_DTLS_IN | CANDOR_F_DTLS_OUT | kIn | kOut)) == 0;
  const bool waiting = nominated_at_ != Time{} && now - nominated_at_ >= timeouts.exchange;
  return silent && waiting ? likely_client : WaitingOn::kNone;
}

Attempt::Silence Attempt::NodeSilence(Time now, Duration check_timeout, Duration media_timeout) const {
  if (phase_ != Phase::kActive) return {};
  if (relay_) return {.checks = false, .media = relay_->WaitsOnNode(2 * check_timeout)};
  const bool peer_goes_on = last_media_in_ != Time{} && now - last_media_in_ < check_timeout;
  if (!peer_goes_on) return {};
  const uint64_t unanswered = Best().ice.node_ns;
  const bool silent = unanswered != 0 && now - TimeFromNanos(unanswered) >= 2 * check_timeout &&
                      last_out_ < TimeFromNanos(unanswered);
  // After an ICE restart the node may not have sent any media yet.
  const Time last_sent = std::max(last_media_out_, active_at_);
  return {.checks = silent, .media = last_media_in_ - last_sent >= media_timeout};
}

AttemptView Attempt::View() const {
  AttemptView v;
  v.id = id_;
  v.key = key_text_;
  v.local = LocalOf(keys_[best_]);
  v.peer = RemoteOf(keys_[best_]);
  v.first = first_;
  v.active = active_at_;
  v.last_in = last_in_;
  v.last_out = last_out_;
  v.phase = phase_;
  v.acknowledged = acknowledged();
  v.flows = static_cast<uint32_t>(keys_.size());
  v.repeats = repeats_;
  v.stun_error = stun_error_;
  v.alert = alert_;
  v.media = media_;
  v.small_flight_passed = SmallFlightPassed(Best());
  return v;
}

}  // namespace candor
