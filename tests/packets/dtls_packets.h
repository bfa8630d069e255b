// SPDX-License-Identifier: Apache-2.0
//
// DTLS records whose type is encrypted (RFC 9147, RFC 9146), and DTLS inside STUN (draft-hancke-webrtc-sped).
#pragma once

#include "tests/packets/packets.h"

namespace candor {

// A DTLS 1.3 record: sequence number of two bytes, length present, `cid` bytes of connection id. `epoch` is
// cut to its two bits; `length` is that of the ciphertext, type and tag included.
Bytes Hidden(uint8_t epoch, size_t length, size_t cid = 0);
// A DTLS 1.2 record of epoch 1 with `cid` bytes of connection id.
Bytes CidRecord(size_t length, size_t cid);

// A check, and its answer, with a DTLS packet inside (empty: an empty attribute) and `acks` checksums.
Bytes SpedCheck(std::string_view username, uint8_t transaction, const Bytes& dtls, size_t acks);
Bytes SpedAnswer(uint8_t transaction, const Bytes& dtls, size_t acks);

}  // namespace candor
