// SPDX-License-Identifier: Apache-2.0
//
// Causes inferred from what the failing attempts have in common. Tested in
// tests/verdict/cause_finder_test.cc.
#include <fmt/format.h>

#include "verdict/cause_candidate.h"
#include "verdict/explain_text.h"

namespace candor {
namespace {

using enum CauseCode;

constexpr uint64_t kFewest = 4;

// Nearly all of the failed ones.
bool Most(uint64_t n, const FailureShape& s) { return n >= kFewest && n * 10 >= s.failed * 9; }

std::string Of(uint64_t n, const FailureShape& s) {
  return fmt::format("{} of {}", n, Many(s.failed, "failed attempt"));
}

void AddErrors(const FailureShape& s, CauseCandidates* out) {
  if (Most(s.certificate_alerts, s)) {
    out->push_back(
        {kCertificateRefused, false,
         fmt::format("Handshakes end with an alert about a certificate: {}.", Of(s.certificate_alerts, s))});
  }
  if (Most(s.no_capacity, s)) {
    out->push_back(
        {kTurnCapacity, false,
         fmt::format("The TURN server refuses for lack of capacity (486, 508): {}.", Of(s.no_capacity, s))});
  }
  if (Most(s.unauthorized, s)) {
    out->push_back(
        {kTurnUnauthorized, false,
         fmt::format("The TURN server refuses the credentials (401, 438): {}.", Of(s.unauthorized, s))});
  }
}

void AddHandshake(const FailureShape& s, CauseCandidates* out) {
  if (Most(s.handshake_not_answered, s)) {
    out->push_back(
        {kDtlsNotAnswered, false,
         fmt::format("Paths are agreed on, and the media server does not answer the handshake: {}.",
                     Of(s.handshake_not_answered, s))});
  }
  if (Most(s.large_asked_again, s)) {
    out->push_back(
        {kMtu, false,
         fmt::format("Small flights of the handshake pass, and clients ask again for the large ones: {}. A "
                     "path with a smaller MTU looks like this.",
                     Of(s.large_asked_again, s))});
  } else if (Most(s.flight_asked_again, s)) {
    // Of the node's handshake nothing was ever answered: it need not be the size of its packets.
    out->push_back({kMtu, false,
                    fmt::format("Checks pass, and clients ask again for the handshake's flights that the "
                                "node has sent: {}. A path with a smaller MTU looks like this, and so does "
                                "a filter of handshakes.",
                                Of(s.flight_asked_again, s)),
                    false});
  }
}

void AddGroup(CauseCode code, const char* what, const ShapeGroup& g, CauseCandidates* out) {
  if (!g.Alone()) return;
  out->push_back(
      {code, false,
       fmt::format("Only attempts {} {} fail: {} of {}; of all others {} of {}.", what, g.name, g.failed,
                   g.failed + g.active, g.failed_elsewhere, g.failed_elsewhere + g.active_elsewhere)});
}

}  // namespace

CauseCandidates CausesByShape(const CauseEvidence& e) {
  CauseCandidates out;
  const FailureShape& s = e.shape;
  if (e.symptom == Symptom::kNone || e.symptom == Symptom::kReceiveLoss || e.symptom == Symptom::kSendLoss ||
      e.symptom == Symptom::kNotReceived)
    return out;
  AddErrors(s, &out);
  if (out.empty()) AddHandshake(s, &out);
  if (!out.empty()) return out;
  // The narrower group first: a socket has one address, an address one family.
  AddGroup(kOneSocket, "at", s.socket, &out);
  if (out.empty()) AddGroup(kOneInterface, "at", s.address, &out);
  if (out.empty()) AddGroup(kOneFamily, "over", s.family, &out);
  AddGroup(kOneClientNetwork, "from", s.network, &out);
  return out;
}

}  // namespace candor
