// SPDX-License-Identifier: Apache-2.0
//
// A judge and what feeds it: attempts from many networks, as a trace or a live source reports them.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "verdict/judge.h"

namespace candor {

class JudgeHarness {
 public:
  explicit JudgeHarness(JudgeOptions options = {}) : judge_(std::make_unique<Judge>(std::move(options))) {}

  Judge& judge() { return *judge_; }
  const Judge& judge() const { return *judge_; }
  const Verdict& v() const { return judge_->verdict(); }
  double now() const { return now_; }

  // Ticks on to `t` seconds.
  const Verdict& Until(double t) {
    for (; now_ + 0.25 <= t; now_ += 0.25) {
      judge_->Tick(At(now_ + 0.25));
      EXPECT_EQ(FiredBesideHealthy(judge_->verdict()), nullptr) << judge_->verdict().detail;
      if (judge_->verdict().state == State::kFailing && failed_at < 0) failed_at = now_ + 0.25;
      saw_failing = saw_failing || judge_->verdict().state == State::kFailing;
    }
    return judge_->verdict();
  }

  void Send(AttemptEvent::Kind kind, double t, uint64_t id, IpAddress peer,
            WaitingOn waiting_on = WaitingOn::kNone, std::optional<bool> alive = std::nullopt,
            Outcome outcome = Outcome::kPending) {
    AttemptEvent e;
    e.kind = kind;
    e.at = At(t);
    e.id = id;
    e.peer = peer;
    e.waiting_on = waiting_on;
    e.peer_alive = alive;
    e.outcome = outcome;
    e.phase = kind == AttemptEvent::Kind::kOffered ? Phase::kOffered : Phase::kNominated;
    judge_->Observe(e);
  }

  // `n` attempts a `gap` apart that become active after 200 ms; from as many networks.
  void Good(int n, double gap, bool live = false) {
    const auto alive = live ? std::optional(true) : std::nullopt;
    for (int i = 0; i < n; ++i) {
      const double t = now_;
      const IpAddress peer = Peer();
      Send(AttemptEvent::Kind::kOffered, t, ++id_, peer, WaitingOn::kNone, alive);
      Send(AttemptEvent::Kind::kAcknowledged, t + 0.1, id_, peer, WaitingOn::kNone, alive);
      Send(AttemptEvent::Kind::kActive, t + 0.2, id_, peer, WaitingOn::kNone, alive);
      Until(t + gap);
    }
  }
  // `n` attempts the node acknowledges and never brings up.
  void Stuck(int n, double gap) {
    for (int i = 0; i < n; ++i) {
      const double t = now_;
      const IpAddress peer = Peer();
      Send(AttemptEvent::Kind::kOffered, t, ++id_, peer);
      Send(AttemptEvent::Kind::kAcknowledged, t + 0.1, id_, peer);
      Until(t + gap);
    }
  }

  IpAddress Peer() {
    if (one_peer) return *one_peer;
    const uint32_t n = ++peers_;
    return IpAddress::V4((50 + n % 40) << 24 | (n * 7 % 200) << 16 | (n & 0xffff));
  }
  static Time At(double t) { return Time(FromSeconds(t)); }

  std::optional<IpAddress> one_peer;
  double failed_at = -1;
  bool saw_failing = false;
  uint64_t id_ = 0;

 private:
  std::unique_ptr<Judge> judge_;
  double now_ = 1;
  uint32_t peers_ = 0;
};

}  // namespace candor
