// SPDX-License-Identifier: Apache-2.0
//
// joins_without_media: the media server's own listening sockets accept sessions as usual and the attempts
// that such sessions usually bring stay away. A Poisson CUSUM for a fall of attempts, given their sessions,
// to a tenth. It does not speak where no port's sessions are known to bring attempts (SessionRatio), nor
// where fewer sessions than half of the usual come: the callers may have gone home, and only health checks
// stay. Sessions beyond half as many again as usual are not counted: a burst of webhooks brings no attempts.
// Pure; one thread. Tested in tests/verdict/joins_detector_test.cc.
#pragma once

#include <string>
#include <vector>

#include "evidence/session_ratio.h"
#include "flow/session_counts.h"
#include "verdict/hysteresis.h"
#include "verdict/local_fault.h"

namespace candor {

// Of the port whose sum is the highest.
struct JoinEvidence {
  std::string unknown;     // why the detector is off; empty: it is on
  uint16_t port = 0;       // local TCP port
  double per_attempt = 0;  // sessions for one attempt, usually
  uint64_t accepted = 0;   // sessions since the sum last left zero
  uint64_t begun = 0;      // attempts since
  double expected = 0;     // attempts that so many sessions usually bring
  Duration window{};       // since
  double score = 0, threshold = 0;
  // Another port that accepts far more sessions than usual meanwhile, about as many as attempts are missing:
  // ICE over TCP (RFC 6544), whose media no source sees. 0: there is none.
  uint16_t other_port = 0;
  uint64_t other_accepted = 0;  // since no port's sum was above zero last
  double other_usual = 0;       // sessions that it usually accepts in that time
};

class JoinsDetector {
 public:
  // `allowance`: false alarms per 30 days, > 0.
  explicit JoinsDetector(double allowance) : allowance_(allowance) {}

  // An attempt began.
  void Offered() { ++offered_; }
  void Observe(const SessionCounts& counts);
  void Observe(const LocalFault& fault) { fault_ = fault; }
  // What a port's sessions bring, by port number: what outlives the process. The cgroup does not: a server
  // may have been restarted.
  struct Saved {
    uint16_t port = 0;
    SessionRatio::Sums sums;
  };
  std::vector<Saved> Save() const;
  // What was saved longer ago than kSavedFresh, or makes no sense, is dropped.
  void Restore(const std::vector<Saved>& saved, Duration age);

  // `kept_away`: balancers keep clients away; nothing is learned or judged.
  void Advance(Time now, bool kept_away);

  bool fired() const { return static_cast<bool>(fired_); }
  // Something on the node that was measured lately explains it; nullptr: nothing does.
  const LocalFault* Localised(Time now) const;
  JoinEvidence Evidence(Time now) const;

  static constexpr size_t kMostPorts = 16;
  static constexpr Duration kSavedFresh = std::chrono::hours(24);

 private:
  struct Port {
    uint64_t cgroup_id = 0;
    uint16_t port = 0;
    uint64_t total = 0;  // accepted, as of the last reading
    SessionRatio ratio;
    double sum = 0, expected = 0;
    uint64_t accepted = 0, begun = 0;  // since `since`
    Time since{}, last{};              // the sum left zero; last session
    Time seen{};                       // last reading with it
    Time added{};                      // first reading with it
    uint64_t before = 0;               // `total` when no port's sum was above zero last, or it was added
    Time before_at{};                  // then
    double credit = 0;                 // attempts that may still be expected, see kMostUsual
  };
  Port* Find(const PortSessions& s);
  Port* Add(const PortSessions& s, const SessionCounts& counts);
  void Take(Port* p, uint64_t accepted, double seconds);
  void Clear(Port* p);
  double Threshold(const Port& p) const;
  bool AsUsual(const Port& p, Time now) const;
  bool Fires(const Port& p, double share) const;
  const Port* Highest() const;
  void NoteBefore();
  bool KnowsSessions(const Port& p) const;
  void FindOther(const Port& p, JoinEvidence* e) const;

  double allowance_;
  std::vector<Port> ports_;
  std::vector<Saved> restored_;  // of ports that were not read yet
  LocalFault fault_;
  std::string unavailable_;
  uint64_t offered_ = 0, begun_ = 0;  // in all; of them, up to the last reading
  Time read_{}, reading_since_{}, suspected_since_{};
  Time changed_until_{};  // until then what comes is learned and not judged
  Hysteresis fired_;
};

}  // namespace candor
