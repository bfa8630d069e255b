// SPDX-License-Identifier: Apache-2.0
//
// The channels sitting together: one allowance of false alarms among them, one baseline, the same docket of
// attempts. Pure; one thread.
#pragma once

#include <array>
#include <vector>

#include "evidence/baseline.h"
#include "evidence/docket.h"
#include "verdict/channel_test.h"

namespace candor {

class Panel {
 public:
  Panel(double allowed_per_month, double smallest_share, const StanceOptions& stances);

  // What is usual has changed, or an hour has gone by without renewal. `widening`, at least 1: how much more
  // failing and slower than usual a crowd that is coming in may be.
  void Tune(const Baseline& baseline, Time now, double widening);
  void SetRate(double per_second);

  // A settled attempt in order of arrival, for all channels but early drops. True when the
  // caps held a failure of it back.
  bool Commit(const AttemptRecord& r, Time now);
  void CommitDrop(const AttemptRecord& r, Time now);

  // Adds what is pending on top of what is settled, oldest first. Attempts that arrived before `from` were
  // judged already and are left out. Unless asked to be exact, leaves alone what cannot become doubtful.
  void Weigh(const Docket& docket, Time now, Time from, bool exactly);
  void Reset();

  const ChannelTest& test(Channel c) const { return tests_[Index(c)]; }
  const std::array<ChannelTest, kChannels>& tests() const { return tests_; }
  const StanceOptions& stances() const { return stances_; }

 private:
  std::array<double, kChannels> Ceilings(const Docket& docket, Time now, Time from) const;
  void Try(ChannelTest* t, const Docket& docket, Time now, Time from, bool told) const;
  ChannelTest& at(Channel c) { return tests_[Index(c)]; }

  StanceOptions stances_;
  Four ladder_;
  ByAge dropped_by_;
  std::array<ChannelTest, kChannels> tests_;
};

}  // namespace candor
