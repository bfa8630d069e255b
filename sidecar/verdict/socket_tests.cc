// SPDX-License-Identifier: Apache-2.0
#include "verdict/socket_tests.h"

namespace candor {

void SocketTests::Observe(const SocketCounts& c) {
  if (c.at == Time{} || c.at == seen_) return;
  seen_ = c.at;
  tests_[0].Observe(c.at, c.received + c.dropped(), c.dropped());
  tests_[1].Observe(c.at, c.sent + c.unsent(), c.unsent());
}

void SocketTests::Advance(Time now) {
  for (LossTest& t : tests_) t.Advance(now);
}

Harm SocketTests::harm() const {
  if (tests_[0].harms()) return Harm::kReceiveDrops;
  return tests_[1].harms() ? Harm::kFailedSends : Harm::kNone;
}

void SocketTests::Fill(Harm harm, Verdict* v) const {
  if (harm != Harm::kReceiveDrops && harm != Harm::kFailedSends) return;
  const size_t i = harm == Harm::kReceiveDrops ? 0 : 1;
  const LossTest& t = tests_.at(i);
  v->channel = kNames.at(i);
  v->z = t.z();
  v->h = t.h();
  v->usual_share = t.usual();
  // What balancers take off the node's weight: as much as it loses, not how surely it does.
  const LossTest::Figures& f = t.figures();
  v->severity = f.tried == 0 ? 0 : static_cast<double>(f.lost) / static_cast<double>(f.tried);
  // No attempt decided this.
  v->counted = v->failed = v->networks = 0;
  v->window = Duration(0);
  v->owed = {};
  v->stuck_phase = Phase::kNone;
  v->examples.clear();
}

void SocketTests::Show(Verdict* v) const {
  v->sockets.clear();
  for (size_t i = 0; i < kLosses; ++i) {
    const LossTest& t = tests_.at(i);
    if (!t.heard()) continue;
    const std::string name(kNames.at(i));
    v->channels.push_back({name, t.z(), t.h(), t.usual(), false});
    const LossTest::Figures& f = t.figures();
    v->sockets.push_back({name, f.lost, f.tried, f.seconds, f.bad, f.window});
  }
}

void SocketTests::Relearn(const Learned& learned) {
  for (size_t i = 0; i < kLosses; ++i) tests_.at(i).Relearn(learned.at(i));
}

}  // namespace candor
