// SPDX-License-Identifier: Apache-2.0
#include "flow_laws.h"

namespace candor::fuzz {
namespace {

// These describe a state and may be cleared; all other flags record what has happened.
constexpr uint32_t kRevocable =
    CANDOR_F_CHECK_ANSWERED | CANDOR_F_NOMINATE_IN | CANDOR_F_NOMINATE_OUT | CANDOR_F_HS_ANSWERED;
constexpr uint32_t kOut = CANDOR_F_MEDIA_OUT | CANDOR_F_DATA_OUT;
constexpr uint32_t kBothEpochs = CANDOR_F_EPOCH_IN | CANDOR_F_EPOCH_OUT;

bool Within(uint64_t t, uint64_t first, uint64_t now) { return t == 0 || (t >= first && t <= now); }

std::string BrokenTimes(const FlowState& f, uint64_t now) {
  if (f.first_ns > now) return "a flow begins with a packet";
  for (const uint64_t t : {f.active_ns, f.last_in_ns, f.last_out_ns, f.last_media_in_ns, f.last_media_out_ns,
                           f.ice.node_ns, f.ice.peer_ns, f.dtls.node_ns, f.dtls.peer_ns, f.media.node_ns,
                           f.media.peer_ns, f.hs_in_ns, f.path_ns}) {
    // A relayed candidate may have no packet yet: requests to the TURN server do not count.
    if (f.first_ns == 0 && (t != 0 || f.phase != CANDOR_PHASE_NONE)) return "a flow begins with a packet";
    if (!Within(t, f.first_ns, now)) return "every time lies between the first packet and now";
  }
  if (f.last_media_in_ns > f.last_in_ns || f.last_media_out_ns > f.last_out_ns) return "media is a packet";
  return {};
}

std::string BrokenRestart(const FlowState& before, const FlowState& after, bool reported) {
  if (after.generation != static_cast<uint16_t>(before.generation + 1))
    return "generations follow each other";
  if (!reported && after.phase != CANDOR_PHASE_NONE) return "a new generation is reported";
  // An allocation has no ufrag: neither where one begins nor where an ICE flow takes its place.
  if (((before.flags | after.flags) & CANDOR_F_TURN_SERVER) != 0) return {};
  // Neither has plain RTP, where another SSRC is another call.
  if (before.ufrag_hash == 0 && after.ufrag_hash == 0 && (before.flags & CANDOR_F_RTP_VALID) != 0) return {};
  if (before.ufrag_hash == 0 || after.ufrag_hash == before.ufrag_hash) return "only a new ufrag takes over";
  if (after.ufrag_hash == before.old_ufrag_hash) return "an old ufrag does not come back";
  return after.old_ufrag_hash == before.ufrag_hash ? "" : "the ufrag before is remembered";
}

}  // namespace

std::string BrokenIn(const FlowState& f, Time now) {
  if (f.phase > CANDOR_PHASE_ACTIVE || f.waiting_on > CANDOR_WAITING_ON_PATH)
    return "phase and side have a name";
  if (f.ufrag_len > CANDOR_UFRAG_TEXT || f.hs[0] > 256 || f.hs[1] > 256) return "lengths are bounded";
  if ((f.reports_new != 0) != (f.report_highest != 0)) return "what was received has a number";
  if ((f.reports_new != 0 || f.reports_none != 0) && (f.flags & CANDOR_F_MEDIA_IN) == 0)
    return "a report is a packet of the peer";
  const bool active = f.phase == CANDOR_PHASE_ACTIVE;
  if (active != (f.active_ns != 0)) return "active flows, and only they, have a time of that";
  const bool relays = (f.flags & CANDOR_F_TURN_SERVER) != 0;
  if (active && !relays && (f.flags & kOut) == 0) return "a node that sends nothing has no active flow";
  if (f.phase == CANDOR_PHASE_SECURED && (f.flags & kBothEpochs) != kBothEpochs)
    return "secured means protected records both ways";
  const bool answered = f.phase == CANDOR_PHASE_ANSWERED || f.phase == CANDOR_PHASE_NOMINATED;
  if (answered && (f.flags & CANDOR_F_ACKNOWLEDGED) == 0) return "an answered check is acknowledged";
  return BrokenTimes(f, NanosOf(now));
}

std::string BrokenBetween(const FlowState& before, const FlowState& after, bool reported) {
  if (after.generation != before.generation) return BrokenRestart(before, after, reported);
  if (after.phase < before.phase) return "phases never go back";
  if (before.first_ns != 0 && after.first_ns != before.first_ns) return "the first packet stays the first";
  if (before.active_ns != 0 && after.active_ns != before.active_ns) return "a flow becomes active once";
  if (before.ufrag_hash != 0 && after.ufrag_hash != before.ufrag_hash) return "a ufrag lasts a generation";
  if ((before.flags & ~after.flags & ~kRevocable) != 0) return "what has happened stays so";
  if (after.checks_in < before.checks_in || after.checks_answered < before.checks_answered ||
      after.repeats < before.repeats)
    return "counters never decrease";
  if (after.last_in_ns < before.last_in_ns || after.last_out_ns < before.last_out_ns)
    return "time never runs backwards";
  const bool change = after.phase != before.phase || (after.flags & ~before.flags & CANDOR_F_EVENT_MASK) != 0;
  if (change && !reported && after.phase != CANDOR_PHASE_NONE) return "a change is reported";
  if (reported && after.phase == CANDOR_PHASE_NONE) return "a flow without a phase is not reported";
  return {};
}

std::string BrokenBetween(const Counters& before, const Counters& after) {
  uint64_t kinds = 0;
  for (size_t c = 0; c < after.size(); ++c) {
    if (after[c] < before[c])
      return "counter " + std::string(CounterName(static_cast<candor_counter>(c))) + " decreased";
  }
  for (const auto c : {CANDOR_C_STUN, CANDOR_C_DTLS, CANDOR_C_MEDIA, CANDOR_C_CHANNEL_DATA, CANDOR_C_QUIC,
                       CANDOR_C_ZRTP, CANDOR_C_UNKNOWN, CANDOR_C_UNPARSED})
    kinds += after[c];
  return kinds >= after[CANDOR_C_PACKETS] ? "" : "every packet is of a kind";
}

}  // namespace candor::fuzz
