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

  // Something was learned, or a minute has gone by. `widening`, at least 1: how much more failing and slower
  // than usual a crowd that is coming in may be.
  // `slowdown`, at least 1: how many times the usual setups take at present, where that has been found.
  void Tune(const Baseline& baseline, Time now, double widening, double slowdown);
  // The same, where nothing was learned since: crowds come and go, and the tables made for one may stand
  // until the baseline changes.
  void Widen(const Baseline& baseline, Time now, double widening, double slowdown);
  void SetRate(double per_second);

  // A settled attempt in order of arrival, for all channels but early drops. True when the
  // caps held a failure of it back.
  bool Commit(const AttemptRecord& r, Time now);
  void CommitDrop(const AttemptRecord& r, Time now);

  // `before` was committed as it stood then, and has become active late, as `r`.
  void CommitLate(const AttemptRecord& before, const AttemptRecord& r, Time now);

  // Adds what is pending on top of what is settled, oldest first. Attempts that arrived before `from` were
  // judged already and are left out. Unless asked to be exact, leaves alone what cannot become doubtful.
  void Weigh(const Docket& docket, Time now, Time from, bool exactly);
  void Reset();
  // Forgets what one channel has heard.
  void Reset(Channel c) { at(c).Reset(); }

  const ChannelTest& test(Channel c) const { return tests_[Index(c)]; }
  const std::array<ChannelTest, kChannels>& tests() const { return tests_; }
  const StanceOptions& stances() const { return stances_; }

 private:
  struct Tables {
    double widening = 0, slowdown = 0;  // 0: not made yet
    ByAge setup{}, vouch{};
    std::array<Likelihood, kChannels> likelihood{};
    std::array<double, kChannels> usual{};  // 0: not made yet
  };
  Tables& TablesFor(const Baseline& baseline, double widening, double slowdown);
  Likelihood Tabulate(const ChannelTest& t, double usual, const Tables& tables) const;
  std::array<double, kChannels> Ceilings(const Docket& docket, Time now, Time from);
  void Try(ChannelTest* t, const Docket& docket, Time now, Time from, bool told) const;
  void TryDrops(ChannelTest* t, const Docket& docket, Time now, Time from, bool told) const;
  ChannelTest& at(Channel c) { return tests_[Index(c)]; }

  StanceOptions stances_;
  Four ladder_;
  ByAge dropped_by_;
  std::array<ChannelTest, kChannels> tests_;
  std::array<Tables, 3> tables_;
  size_t tables_made_ = 0;
  std::vector<size_t> telling_;  // places of those arrivals that do not simply speak for the node
};

}  // namespace candor
