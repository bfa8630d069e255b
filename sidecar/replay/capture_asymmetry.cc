// SPDX-License-Identifier: Apache-2.0
#include "replay/capture_asymmetry.h"

namespace candor {
namespace {

// A DTLS client sends its keys, records of epoch >= 1 and media only after the server's first flight (RFC
// 6347 section 4.2.4, RFC 9147 section 5.7).
bool ClientContinued(uint32_t flags, uint32_t client, uint32_t epoch, uint32_t media) {
  return (flags & client) != 0 && (flags & (CANDOR_F_CLIENT_KEYS | epoch | media)) != 0;
}

// A flight of the server answers a ClientHello (RFC 6347 section 4.2.4). Only for the node as server: any
// host can send the node such records.
bool NodeAnswered(uint32_t flags) {
  return (flags & CANDOR_F_DTLS_OUT) != 0 && (flags & CANDOR_F_NODE_CLIENT) == 0;
}

}  // namespace

void CaptureAsymmetry::Add(const FlowState& f) {
  ++flows;
  const bool none_out = (f.flags & CANDOR_F_DTLS_OUT) == 0, none_in = (f.flags & CANDOR_F_DTLS_IN) == 0;
  const bool peer_continued =
      ClientContinued(f.flags, CANDOR_F_PEER_CLIENT, CANDOR_F_EPOCH_IN, CANDOR_F_MEDIA_IN);
  const bool node_continued =
      ClientContinued(f.flags, CANDOR_F_NODE_CLIENT, CANDOR_F_EPOCH_OUT, CANDOR_F_MEDIA_OUT) ||
      NodeAnswered(f.flags);
  if (none_out && peer_continued) {
    ++missing_out;
  } else if ((none_in && node_continued) || (f.checks_answered > 0 && f.checks_in == 0)) {
    ++missing_in;
  }
}

}  // namespace candor
