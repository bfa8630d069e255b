// SPDX-License-Identifier: Apache-2.0
#include "replay/capture_asymmetry.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

struct Row {
  const char* what;
  uint32_t flags;
  uint16_t checks_in, checks_answered;
  uint64_t missing_out, missing_in;
};

TEST(CaptureAsymmetry, FindsAMissingDirectionByTheOtherSideContinuing) {
  const Row rows[] = {
      {"unanswered checks may be to a dead node", CANDOR_F_CREDENTIALED, 9, 0, 0, 0},
      {"so may a ClientHello", CANDOR_F_DTLS_IN | CANDOR_F_PEER_CLIENT, 1, 0, 0, 0},
      {"and media in", CANDOR_F_MEDIA_IN | CANDOR_F_RTP_IN, 0, 0, 0, 0},
      {"keys after a ClientHello", CANDOR_F_DTLS_IN | CANDOR_F_PEER_CLIENT | CANDOR_F_CLIENT_KEYS, 1, 0, 1,
       0},
      {"a Finished", CANDOR_F_DTLS_IN | CANDOR_F_PEER_CLIENT | CANDOR_F_EPOCH_IN, 1, 0, 1, 0},
      {"SRTP", CANDOR_F_DTLS_IN | CANDOR_F_PEER_CLIENT | CANDOR_F_MEDIA_IN, 1, 0, 1, 0},
      {"the same with the node's flight",
       CANDOR_F_DTLS_IN | CANDOR_F_PEER_CLIENT | CANDOR_F_CLIENT_KEYS | CANDOR_F_DTLS_OUT, 1, 0, 0, 0},
      {"the node as client", CANDOR_F_DTLS_OUT | CANDOR_F_NODE_CLIENT | CANDOR_F_CLIENT_KEYS, 1, 1, 0, 1},
      {"the node's flight as server, without the ClientHello", CANDOR_F_DTLS_OUT, 0, 0, 0, 1},
      {"a record of a server's flight from any host", CANDOR_F_DTLS_IN, 0, 0, 0, 0},
      {"answers to checks that are not there", CANDOR_F_ACKNOWLEDGED, 0, 3, 0, 1},
      {"answers to checks that are", CANDOR_F_ACKNOWLEDGED, 1, 3, 0, 0},
  };
  for (const Row& r : rows) {
    FlowState f{};
    f.flags = r.flags;
    f.checks_in = r.checks_in;
    f.checks_answered = r.checks_answered;
    CaptureAsymmetry o;
    o.Add(f);
    EXPECT_EQ(o.flows, 1u);
    EXPECT_EQ(o.missing_out, r.missing_out) << r.what;
    EXPECT_EQ(o.missing_in, r.missing_in) << r.what;
  }
}

}  // namespace
}  // namespace candor
