// SPDX-License-Identifier: Apache-2.0
#include "verdict/socket_detectors.h"

namespace candor {
namespace {

// The kernel's reasons that can explain each loss: a full buffer or exhausted memory; and what the sending
// call or the IP layer reports (a neighbour that does not answer is not reported).
constexpr std::array<std::array<candor_drop_reason, 4>, SocketDetectors::kLosses> kCauses = {{
    {CANDOR_DROP_RECEIVE_BUFFER, CANDOR_DROP_UDP_MEMORY},
    {CANDOR_DROP_NETFILTER, CANDOR_DROP_QDISC, CANDOR_DROP_TC_EGRESS, CANDOR_DROP_CGROUP_EGRESS},
}};

}  // namespace

void SocketDetectors::Observe(const SocketCounts& c) {
  if (c.at == Time{} || c.at == observed_) return;
  observed_ = c.at;
  Observe(0, c, c.received + c.dropped(), c.dropped());
  Observe(1, c, c.sent + c.unsent(), c.unsent());
}

void SocketDetectors::Observe(size_t loss, const SocketCounts& c, uint64_t tried, uint64_t lost) {
  SocketLossDetector& test = tests_.at(loss);
  if (!test.Observe(c.at, tried, lost)) return;
  Reasons& reasons = reasons_.at(loss);
  if (test.figures().seconds == 1) reasons.begun = reasons.last;
  reasons.last = c.drops;
}

candor_drop_reason SocketDetectors::Cause(size_t loss) const {
  const size_t direction = loss == 0 ? CANDOR_IN : CANDOR_OUT;
  const Reasons& reasons = reasons_.at(loss);
  for (const candor_drop_reason r : kCauses.at(loss)) {
    const uint64_t grown = reasons.last.at(direction).at(r) - reasons.begun.at(direction).at(r);
    if (grown > 0 && 2 * grown >= tests_.at(loss).figures().lost) return r;
  }
  return CANDOR_DROP_NONE;
}

void SocketDetectors::Advance(Time now) {
  for (SocketLossDetector& t : tests_) t.Advance(now);
}

Harm SocketDetectors::harm() const {
  if (tests_[0].harms()) return Harm::kReceiveDrops;
  return tests_[1].harms() ? Harm::kFailedSends : Harm::kNone;
}

void SocketDetectors::Fill(Harm harm, Verdict* v) const {
  if (harm != Harm::kReceiveDrops && harm != Harm::kFailedSends) return;
  const size_t i = harm == Harm::kReceiveDrops ? 0 : 1;
  const SocketLossDetector& t = tests_.at(i);
  v->detector = kNames.at(i);
  v->score = t.score();
  v->threshold = t.threshold();
  v->baseline_failure_rate = t.baseline_rate();
  // Balancers lower the node's weight by it: the share lost, whatever the certainty.
  const SocketLossDetector::Figures& f = t.figures();
  v->severity = f.tried == 0 ? 0 : static_cast<double>(f.lost) / static_cast<double>(f.tried);
  // Not decided by attempts.
  v->counted = v->failed = v->networks = 0;
  v->window = Duration(0);
  v->waiting_on = {};
  v->stuck_phase = Phase::kNone;
  v->examples.clear();
}

void SocketDetectors::Show(Verdict* v) const {
  v->sockets.clear();
  for (size_t i = 0; i < kLosses; ++i) {
    const SocketLossDetector& t = tests_.at(i);
    if (!t.observed()) continue;
    const std::string name(kNames.at(i));
    v->detectors.push_back({name, t.score(), t.threshold(), t.baseline_rate(), false});
    const SocketLossDetector::Figures& f = t.figures();
    v->sockets.push_back(
        {name, f.lost, f.tried, f.seconds, f.bad, f.window, f.lost > 0 ? Cause(i) : CANDOR_DROP_NONE});
  }
}

void SocketDetectors::Relearn(const Learned& learned) {
  for (size_t i = 0; i < kLosses; ++i) tests_.at(i).Relearn(learned.at(i));
}

}  // namespace candor
