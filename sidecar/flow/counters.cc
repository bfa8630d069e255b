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
    {"quic", "QUIC packets, not followed"},
    {"zrtp", "ZRTP packets, not followed"},
    {"unknown", "UDP packets of unknown kind, not followed"},
    {"unparsed", "malformed or truncated packets of a known kind"},
    {"stun_attributes_cut", "STUN messages with more attributes than are read"},
    {"stun_username_cut", "STUN USERNAMEs longer than the bytes read"},
    {"fragments", "IP fragments without ports, not followed"},
    {"extension_headers_cut", "IPv6 packets with more extension headers than are read"},
    {"flows_new", "flows inserted into the flow map"},
    {"flows_refused", "flows refused by the full flow map"},
    {"events_lost", "events lost because the ring was full; reconciled from the flow map"},
    {"events", "events sent to user space"},
    {"inner", "packets inside TURN ChannelData, Send or Data"},
    {"unseen", "packets not read because too many program runs were nested on one CPU"},
}};

}  // namespace

std::string_view CounterName(candor_counter c) { return kRows.at(static_cast<size_t>(c)).name; }
std::string_view CounterHelp(candor_counter c) { return kRows.at(static_cast<size_t>(c)).help; }

}  // namespace candor
