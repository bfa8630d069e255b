// SPDX-License-Identifier: Apache-2.0
//
// A local fault (local_fault.h) beside attempts that stay away, or beside clients that go on sending to the
// server's sockets while nothing at all leaves them: a media server that is stopped as a whole has no failing
// attempts, because its signalling stands still with it. Neither half is an alarm by itself: the fault may
// harm nobody, and the callers may have gone home. Pure; one thread.
//
// False alarms: the fault is no estimate but the kernel's word, so the gap beside it need not be as long as
// that of attempts_ceased (at half of it chance brings a gap some times a week on a node of any size, and a
// stopped server beside it never). DEGRADED at once; FAILING only where nothing of the server is at work, for
// kStands or longer: a debugger that takes a stack trace, and a container that is paused for a checkpoint,
// are over by then. Attempts that stayed away before the fault are no evidence beside it, unless it lasts
// for kStandsInLull. A fault that does not stop all of the server (a range whose ports are all bound, an
// address that is gone) counts beside two thirds of the gap, and not at all where it was measured while
// attempts came as usual for kUsual: some servers bind their whole range at their start. Descriptors that are
// used up harm by themselves (used_up.h): a part of the calls still gets those that others have left. Where
// some are left for calls (98 % of the limit), that is a fault of a part like any other.
//
// Tested in tests/verdict/local_fault_detector_test.cc.
#pragma once

#include "evidence/arrival_gaps.h"
#include "flow/flow_source.h"
#include "verdict/hysteresis.h"
#include "verdict/local_fault.h"
#include "verdict/used_up.h"

namespace candor {

class LocalFaultDetector {
 public:
  // What was measured last; without a code: nothing any more.
  void Observe(const LocalFault& fault);
  void ObserveNode(const NodeActivity& activity) { activity_ = activity; }
  // `silent`: for longer than its usual silence. Call at least every second.
  void Advance(Time now, const ArrivalGap& gap, bool silent);

  // Facts are worth reading every second: attempts stay away for a while, clients get no answer at all, or a
  // fault was seen.
  bool suspects() const { return suspects_; }
  bool harms() const { return static_cast<bool>(harms_); }
  bool alarm() const { return alarm_; }
  // Where clients are kept away: nothing of the server is at work yet.
  bool stands() const { return stands_; }
  // Of `harms` and `alarm`; the clients' packets go on and nothing is sent (else attempts stay away).
  LocalFault fault() const { return of_used_up_ ? used_up_.fault() : fault_; }
  bool unanswered() const { return unanswered_; }

  static constexpr Duration kFresh = std::chrono::seconds(5);  // of a measurement
  static constexpr Duration kStands = std::chrono::seconds(2);
  static constexpr Duration kUsual = std::chrono::seconds(20);
  // Beside a gap that was open before the fault: operators restart and back up when nobody calls.
  static constexpr Duration kStandsInLull = std::chrono::seconds(60);
  // It was measured for long while attempts came as usual.
  bool usual(const LocalFault& f) const { return usual_ && !f.whole && f.code == full_; }

 private:
  LocalFault fault_;
  Time since_{};  // it is measured in every reading
  NodeActivity activity_;
  void LearnUsual(const LocalFault& fault);

  std::string full_;    // code of the last full reading
  Time usual_since_{};  // it is measured while attempts come; Time{}: it is not
  bool usual_ = false;  // for so long that it is no fault here
  bool calm_ = false;   // attempts come as usual
  UsedUp used_up_;
  bool of_used_up_ = false;  // of `harms`; `fault_` alone is none
  bool suspects_ = false, alarm_ = false, stands_ = false, unanswered_ = false;
  Hysteresis harms_;
};

}  // namespace candor
