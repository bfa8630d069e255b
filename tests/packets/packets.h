// SPDX-License-Identifier: Apache-2.0
//
// Packets as bytes: what real peers send, built from the RFCs and not with Candor's own headers.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "flow/flow.h"

namespace candor {

using Bytes = std::vector<uint8_t>;

Bytes operator+(Bytes a, const Bytes& b);
Bytes Text(std::string_view text);

// KeyOf("192.0.2.1", 7882, "198.51.100.7", 40000).
FlowKey KeyOf(std::string_view local, uint16_t local_port, std::string_view remote, uint16_t remote_port);

// From the IP header on; IPv4 when both addresses are. `dir` determines the source.
Bytes Udp(const FlowKey& key, candor_dir dir, const Bytes& payload);
// The same with what may stand between IP and UDP: IPv4 options (whole words), IPv6 extension headers
// (whole eight bytes, first byte a next header that is filled in; `first` is the type of the first).
Bytes UdpBehind(const FlowKey& key, candor_dir dir, uint8_t first, const Bytes& between,
                const Bytes& payload);

// RFC 8489. `transaction` fills the 12 bytes of the id.
Bytes Stun(uint16_t type, uint8_t transaction, const Bytes& attributes);
Bytes Attribute(uint16_t type, const Bytes& value);  // padded to words
Bytes Check(std::string_view username, uint8_t transaction, bool nominate);
Bytes CheckAnswer(uint8_t transaction);
Bytes CheckError(uint8_t transaction, int code);

// RFC 6347: one record; a handshake message with its header.
Bytes DtlsRecord(uint8_t type, uint16_t epoch, const Bytes& body);
Bytes Handshake(uint8_t type, uint8_t sequence);
Bytes PlainAlert(uint8_t description);

// RFC 3550.
// 20 ms of 8 kHz sound: the timestamp goes with the sequence number.
Bytes Rtp(uint32_t ssrc, uint16_t sequence);
struct RtpHeader {
  uint32_t ssrc = 7;
  uint16_t sequence = 1;
  uint32_t timestamp = 0;
  uint8_t type = 96;
  bool marker = false;
};
Bytes RtpOf(const RtpHeader& header, size_t size = 40);
Bytes Rtcp(uint32_t ssrc);
// Unencrypted, from `ssrc`, with a block for each source: its extended highest sequence number.
Bytes ReceiverReport(uint32_t ssrc, const std::vector<uint32_t>& highest);
Bytes SenderReport(uint32_t ssrc, const std::vector<uint32_t>& highest);

}  // namespace candor
