// SPDX-License-Identifier: Apache-2.0
#include "script.h"

#include <fmt/format.h>

namespace candor {

Step SetupStep(uint32_t id, size_t n) {
  const auto transaction = static_cast<uint8_t>(id % 251 + 1);
  switch (n) {
    case 0:
      return {CANDOR_IN, Check(fmt::format("n{:07x}:peer", id), transaction, true)};
    case 1:
      return {CANDOR_OUT, CheckAnswer(transaction)};
    case 2:
      return {CANDOR_IN, Handshake(1, 0)};
    case 3:
      return {CANDOR_OUT, Handshake(2, 0)};
    case 4:
      return {CANDOR_IN, DtlsRecord(22, 1, Bytes(40, 1))};
    case 5:
      return {CANDOR_OUT, DtlsRecord(22, 1, Bytes(40, 1))};
    case 6:
      return {CANDOR_IN, Media(id, 1)};
    default:
      return {CANDOR_OUT, Media(id, 1)};
  }
}

Bytes Media(uint32_t id, uint16_t sequence) { return Rtp(id + 1, sequence) + Bytes(160, 0x5a); }

Bytes Goodbye() { return DtlsRecord(21, 1, Bytes(26, 1)); }

}  // namespace candor
