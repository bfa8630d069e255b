// SPDX-License-Identifier: Apache-2.0
#include "verdict/local_fault_detector.h"

namespace candor {
namespace {

// Of the gap from which on attempts have ceased.
constexpr double kSuspect = 0.25, kBesideFault = 0.5, kBesidePart = 0.65;
// Packets still come, and for so long none has left.
constexpr Duration kStillComing = std::chrono::milliseconds(1500),
                   kNoneLeft = std::chrono::milliseconds(1200);
constexpr Duration kSilent = std::chrono::seconds(3);
constexpr Duration kTogether = std::chrono::seconds(5);  // a fault is read a second or two after it began

bool Reaches(const ArrivalGap& gap, double share) { return gap.known && gap.expected >= share * gap.limit; }

}  // namespace

void LocalFaultDetector::Observe(const LocalFault& fault) {
  if (fault.code.empty() || fault.code != fault_.code || fault.at > fault_.at + kFresh) since_ = fault.at;
  fault_ = fault;
  used_up_.Observe(fault);
  if (!fault.watched) LearnUsual(fault);
}

void LocalFaultDetector::LearnUsual(const LocalFault& fault) {
  if (fault.code != full_) usual_ = false, usual_since_ = Time{};
  full_ = fault.code;
  if (!calm_ || full_.empty() || fault.whole || used_up_.Holds(fault.at)) {
    usual_since_ = Time{};
    return;
  }
  if (usual_since_ == Time{}) usual_since_ = fault.at;
  usual_ = usual_ || fault.at - usual_since_ >= kUsual;
}

void LocalFaultDetector::Advance(Time now, const ArrivalGap& gap, bool silent) {
  const bool measured = !fault_.code.empty() && now <= fault_.at + kFresh;
  const bool fault = measured && (fault_.whole || !usual_ || fault_.code != full_);
  unanswered_ = silent && now - activity_.last_in <= kStillComing &&
                activity_.last_in - activity_.last_out >= kNoneLeft;
  const bool used_up = used_up_.Holds(now);
  suspects_ = fault || used_up || unanswered_ || Reaches(gap, kSuspect);
  calm_ = gap.known && !unanswered_ && !Reaches(gap, kSuspect);
  const double expected_before = gap.usual_per_second * Seconds(since_ - gap.last);
  const bool lull = gap.known && since_ - gap.last > kTogether && expected_before >= kBesideFault * gap.limit;
  const bool beside =
      Reaches(gap, fault_.whole ? kBesideFault : kBesidePart) && !(lull && now - since_ < kStandsInLull);
  const bool stays_away = beside || unanswered_;
  const bool fault_harms = fault && (stays_away || fault_.restarts);
  of_used_up_ = used_up && !fault_harms;
  const bool over = !fault || (!Reaches(gap, kSuspect) && !unanswered_ && !fault_.restarts);
  harms_.Update(fault_harms || used_up, over && !used_up);
  const bool stood = fault && fault_.whole && fault_.at - since_ >= kStands;
  // Where its sockets send, the processes that were read are not the server's.
  const bool sends = activity_.last_out != Time{} && now - activity_.last_out <= kStands;
  alarm_ = stood && stays_away && (fault_.restarts || !sends);
  // An empty cgroup whose sockets send is not that of the server's processes.
  stands_ = fault && fault_.whole && (fault_.restarts || now - activity_.last_out > kSilent);
}

}  // namespace candor
