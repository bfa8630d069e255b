// SPDX-License-Identifier: Apache-2.0
#include "replay/capture_asymmetry.h"

namespace candor {
namespace {

// What a DTLS client sends only after its server's first flight (RFC 6347 section 4.2.4, RFC 9147 section
// 5.7): its keys, records of epoch >= 1, and media under the keys agreed on.
bool ClientWentOn(uint32_t flags, uint32_t client, uint32_t epoch, uint32_t media) {
  return (flags & client) != 0 && (flags & (CANDOR_F_CLIENT_KEYS | epoch | media)) != 0;
}

// A server's flight answers a ClientHello (RFC 6347 section 4.2.4). Of the node's alone: strangers send any
// record.
bool NodeAnswered(uint32_t flags) {
  return (flags & CANDOR_F_DTLS_OUT) != 0 && (flags & CANDOR_F_NODE_CLIENT) == 0;
}

}  // namespace

void CaptureAsymmetry::Add(const FlowState& f) {
  ++flows;
  const bool unheard = (f.flags & CANDOR_F_DTLS_OUT) == 0, unasked = (f.flags & CANDOR_F_DTLS_IN) == 0;
  const bool peer_went_on = ClientWentOn(f.flags, CANDOR_F_PEER_CLIENT, CANDOR_F_EPOCH_IN, CANDOR_F_MEDIA_IN);
  const bool node_went_on =
      ClientWentOn(f.flags, CANDOR_F_NODE_CLIENT, CANDOR_F_EPOCH_OUT, CANDOR_F_MEDIA_OUT) ||
      NodeAnswered(f.flags);
  if (unheard && peer_went_on) {
    ++missing_out;
  } else if ((unasked && node_went_on) || (f.checks_answered > 0 && f.checks_in == 0)) {
    ++missing_in;
  }
}

}  // namespace candor
