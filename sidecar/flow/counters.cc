// SPDX-License-Identifier: Apache-2.0
#include "flow/counters.h"

namespace candor {
namespace {

struct Row {
  std::string_view name, help;
};

constexpr std::array<Row, CANDOR_C_MAX> kRows = {{
    {"packets", "UDP packets seen, segments of super-packets counted"},
    {"stun", "STUN and TURN messages"},
    {"dtls", "DTLS datagrams"},
    {"media", "RTP, RTCP, SRTP and SRTCP packets"},
    {"channel_data", "TURN ChannelData messages"},
    {"quic", "QUIC packets, left alone"},
    {"zrtp", "ZRTP packets, left alone"},
    {"unknown", "UDP packets of no known kind, left alone"},
    {"unparsed", "packets that looked like a known kind and were malformed or cut off"},
    {"stun_attributes_cut", "STUN messages with more attributes than are walked"},
    {"stun_username_cut", "STUN USERNAMEs longer than is read"},
    {"fragments", "IP fragments without ports, not followed"},
    {"extension_headers_cut", "IPv6 packets with more extension headers than are walked"},
    {"flows_new", "flows that took a place in the flow map"},
    {"flows_refused", "flows that found no place in the flow map"},
    {"events_lost", "events lost because the ring was full; mended from the flow map"},
    {"events", "events sent to user space"},
    {"inner", "packets found inside TURN ChannelData, Send or Data"},
    {"unseen", "packets not looked at because too many probes interrupted each other on one CPU"},
}};

}  // namespace

std::string_view CounterName(candor_counter c) { return kRows.at(static_cast<size_t>(c)).name; }
std::string_view CounterHelp(candor_counter c) { return kRows.at(static_cast<size_t>(c)).help; }

}  // namespace candor
