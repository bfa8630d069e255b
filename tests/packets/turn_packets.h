// SPDX-License-Identifier: Apache-2.0
//
// TURN as bytes (RFC 8656): requests and answers about an allocation, and the two envelopes.
#pragma once

#include "tests/packets/packets.h"

namespace candor {

// The first one has no credentials (RFC 8489 section 9.2.3).
Bytes Allocate(uint8_t transaction, bool credentialed);
// `relayed` is "a.b.c.d" or "2001:db8::1"; empty: no XOR-RELAYED-ADDRESS, as no server would.
Bytes AllocateSuccess(uint8_t transaction, std::string_view relayed, uint16_t port);
// An authenticated Refresh, CreatePermission or ChannelBind, and the success that answers it.
Bytes Refresh(uint8_t transaction, uint32_t lifetime_s);
Bytes Permit(uint8_t transaction);
Bytes BindChannel(uint8_t transaction);
Bytes TurnSuccess(uint16_t method, uint8_t transaction);
// `authenticated`: with MESSAGE-INTEGRITY, as after the credentials were verified.
Bytes TurnError(uint16_t method, uint8_t transaction, int code, bool authenticated);

Bytes ChannelData(const Bytes& inner);
Bytes SendIndication(const Bytes& inner);
Bytes DataIndication(const Bytes& inner);

}  // namespace candor
