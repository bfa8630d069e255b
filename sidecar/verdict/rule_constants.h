// SPDX-License-Identifier: Apache-2.0
//
// Every constant of the decision rule, with its reason; README.md in this folder has the rule. What an
// operator may set is in judge_options.h; how the baseline is learned is in sidecar/evidence. A limit is the
// most that one client network may add to a sum.
// Tested in tests/verdict/threshold_test.cc.
#pragma once

#include <array>

#include "base/time.h"
#include "evidence/contribution.h"

namespace candor::rule {

using std::chrono::hours, std::chrono::milliseconds, std::chrono::minutes, std::chrono::seconds;

// --- Hypotheses, threshold, limit per network. Sums, scores and thresholds are in natural-log units.

inline constexpr double kLargestSeverity = 0.97;  // a total failure but for a few successes at its onset
inline constexpr double kLogSeverities = 1.3863;  // ln 4: a score averages four severities
// Calibrated by simulation with drift, provider outages, retries and bursts.
inline constexpr double kThresholdBase = 4.1, kThresholdPerLogAttempts = 0.45, kThresholdPerLogAllowed = 0.9;
inline constexpr double kLeastThreshold = 4.0;
inline constexpr float kMostOfThreshold = 2;  // a sum's maximum: a higher one only delays recovery
inline constexpr int kEnoughNetworks = 4;     // must agree: each counts for at most a quarter of an alarm
inline constexpr float kMostLimits = 3;       // how far the failures of one network are remembered, in limits
// In limits: a network beyond it fails by itself, and must succeed as much before it counts again.
inline constexpr float kFailsByItself = 1.5f;
inline constexpr float kOneProvider = 0.5f;  // of a limit: discount for the second and third network at it
inline constexpr float kRefuted = 1;         // others would have shown the failure, too

// --- False-alarm budget: the detectors' parts of JudgeOptions::false_alarms_per_month. They add up to 1.

// In the order of Detector. Most to none_active: its proven threshold is the highest.
inline constexpr std::array<double, kDetectors> kBudget = {0.09, 0.09, 0.12, 0.09, 0.07, 0.14, 0.19};
inline constexpr double kPreventingMediaBudget = 0.015;  // for each of two
inline constexpr double kHarmingMediaBudget = 0.01;      // for each of five
inline constexpr double kSetupShiftBudget = 0.03;
inline constexpr double kMutedCallsBudget = 0.02, kUnheardCallsBudget = 0.01;
inline constexpr double kCeasedBudget = 0.03, kJoinsBudget = 0.01, kReportedJoinsBudget = 0.01;
inline constexpr double kSocketLosses = 2, kSocketBudgetParts = 100;  // a hundredth each
constexpr double TotalBudget() {
  double sum = 2 * kPreventingMediaBudget + 5 * kHarmingMediaBudget + kSetupShiftBudget + kMutedCallsBudget +
               kUnheardCallsBudget + kCeasedBudget + kJoinsBudget + kReportedJoinsBudget +
               kSocketLosses / kSocketBudgetParts;
  for (const double part : kBudget) sum += part;
  return sum;
}
static_assert(TotalBudget() > 0.9999 && TotalBudget() < 1.0001);

// --- Baselines, widened

inline constexpr double kStretch = 1.2;  // of learned times, to stay on the slow side
// A surge of arrivals brings other clients than the usual ones and slows all of them: so many times the
// baseline failure rate and setup times are healthy then. In steps, because each step makes new tables.
// Sixteen Poisson arrivals are twice as fast as usual by chance once in a hundred times.
inline constexpr double kSurge = 2, kLargeSurge = 3.5;  // times the usual arrival rate
inline constexpr double kSurgeWidening = 1.3, kLargeSurgeWidening = 1.7;
inline constexpr double kMostBaseline = 0.3;                // widened; a higher rate is no baseline
inline constexpr Duration kRetune = minutes(1);             // the baseline widens as it ages
inline constexpr double kSetupsForP99 = 200;                // of fewer the 99th percentile is the prior's
inline constexpr Duration kNeverSlow = milliseconds(1500);  // a healthy setup may take 1.1 s

// --- setup_shift

// Twice the prior's weight (SetupTime::Prior): the median is the node's own, to far less than the factor
// below.
inline constexpr double kSetupsForMedian = 60;
// One more round trip, 28 ms that become 90, harms no one.
inline constexpr Duration kNoHarm = milliseconds(300);
// Surges and busy hours double setup times; a setup has some five round trips, so clients five times as far
// away as usual reach it too.
inline constexpr int kSlowMedians = 5;
// By definition half are above the median, and half of a healthy node's clients may come from far away at
// once.
inline constexpr double kSlowBaseline = 0.5;
inline constexpr double kLeastShifted = 0.8;  // fewer are some clients' distance
inline constexpr double kMostSlowdown = 64;

// --- Media detectors

inline constexpr double kMostMissing = 0.98;
// Above these baseline shares of attempts without the kind, it is not judged: who comes may swing by as much
// within minutes. What the node sends to senders must reach four of five: where more wait alone (the first of
// each meeting), a morning on which all do is not the node's fault. What peers send is decided by meeting
// (below).
inline constexpr double kInformative = 0.4, kInformativeToSenders = 0.2, kInformativeByMeeting = 0.1;
// Least baseline rates. Three of ten healthy newcomers in a row may go without: the first of their meetings,
// muted ones, listeners. Against less, five of them would be an alarm.
inline constexpr double kLeastMissing = 0.3;
// All listeners of a lecture come at once and none of them sends, or a meeting waits for its host. With
// meetings of up to thirty on a node where one in three is such, granting 30 % raised an alarm in 27 of 84
// runs.
inline constexpr double kLeastMissingByMeeting = 0.45;
// Before a node is FAILING more is granted: half where hardly any client waits alone (an echo, a gateway),
// else three quarters, as when many meetings begin at nine. With 70 % alone for a quarter of an hour a day,
// granting 30 % raised an alarm on nearly each of ninety days.
inline constexpr double kRarelyAlone = 0.03, kLeastFailing = 0.5, kLeastFailingWhereAlone = 0.75;
// less_*: up to this baseline share the severities from 40 % on are tested, above only the largest: 40 %
// cannot be distinguished from a swing of who comes where many wait alone.
inline constexpr double kSwings = 0.1, kLeastLost = 0.4, kLeastMissingOfShares = 0.05;
// What peers do not send for so long becomes the baseline.
inline constexpr Duration kPeersChanged = hours(1);
inline constexpr Duration kMediaStale = minutes(5);  // without attempts nothing is harmed

// --- calls_muted

// Look-ups of running calls, some five seconds apart: thirty calls for twenty seconds before it speaks, for
// two minutes before it may be more than DEGRADED.
inline constexpr double kLookupsForMuted = 120, kLookupsToFail = 800;
// Until that many are known the share at which calls fall silent is what was seen before this moment, and so
// many more in so many.
inline constexpr double kYoungFalls = 2, kYoungLookups = 40;
// And the silence lasts for so long: how many pause at once is not known of a young node.
inline constexpr Duration kYoungSilence = seconds(30);
// After it has fired: who is held sends again or hangs up.
inline constexpr Duration kMutedForGood = seconds(10);
inline constexpr uint64_t kLeastMuted = 3;

// --- media_not_received

// Reports of running calls, some five seconds apart: thirty calls for twenty seconds before it speaks, for a
// minute before it may be more than DEGRADED.
inline constexpr double kReportsForUnheard = 120, kReportsToFail = 400;
// Most calls: fewer are some clients' way.
inline constexpr double kLeastUnheardShare = 0.5;
inline constexpr uint64_t kLeastUnheard = 3, kLeastUnheardToFail = 4;
// FAILING only where the usual share of unheard calls is known from so many seconds, and small: else it is
// the phones' manner.
inline constexpr double kUnheardKnown = 120, kMostUsuallyUnheard = 0.3;
inline constexpr Duration kHeardBefore = hours(24);  // a call of the client network

// --- Socket losses

// Fewer come and go with scenes that are cut and calls that begin.
inline constexpr double kLeastBadSeconds = 0.3;
inline constexpr double kBeyondThreshold = 2;  // of the sum's maximum: one severity alone can raise the alarm
inline constexpr Duration kSocketsStale = minutes(1);

// --- Attempts that the node does not answer

inline constexpr Duration kRecentlyAtWork = seconds(60);  // since it last acknowledged an attempt
inline constexpr uint64_t kUnansweredRun = 6;
inline constexpr double kAckRateFalling = 2;  // from here on it is a lull or a fall: the rate is not learned
inline constexpr double kAckRateFallen = 3;   // 20 to 1, beside a silence of the node
// 1000 to 1, beside refusals of clients that came up before: where none is refused it says nothing.
inline constexpr double kAckRateRefused = 6.9;
// Times the acknowledged rate, and one a second: only arrivals rose.
inline constexpr double kArrivalsRose = 3;
inline constexpr double kUnansweredMemory = 10;  // seconds
inline constexpr Duration kStillSending = seconds(5);
// Attempts that were dropped before a socket count from odds of 100 to 1 on that the successes fell by their
// share, until these odds are gone: bursts of strangers raise the suspicion many times a day.
inline constexpr double kFewerSuccesses = 4.605170185988092, kAsManySuccesses = 0.5;
// Log odds that the successes fell by the share that is unanswered: 20 to 1 to say so beside DEGRADED, 1000
// to 1 for FAILING, where four networks or trusted sources must be unanswered as well.
inline constexpr double kSuccessesFell = 3, kSuccessesFellSurely = 6.9;
// Addresses that came up before cannot be guessed by who forges. From four networks, as many of them and at
// least a third of their usual share among clients, unanswered, are clients: then 20 to 1 suffices for
// FAILING as well, and no natural fall is granted beside the evening's.
inline constexpr uint64_t kFamiliarUnanswered = 4;
inline constexpr double kFamiliarShare = 1.0 / 3, kFamiliarMemory = 200;  // attempts
// Where so many of the unanswered should be familiar and hardly any is, they are strangers, however many
// clients stay away meanwhile: at most two of eight come by chance once in seventy times.
inline constexpr double kFamiliarExpected = 8, kStrangersShare = 0.25;
// From kFamiliarUnanswered on, which the few that usually go unanswered reach in a long flood.
inline constexpr double kStrangersShareOfMany = 0.1;
inline constexpr double kNoneFamiliar = 3;  // expected, and none came: once in twenty times

// --- Guards

inline constexpr int kOthersSucceed = 2;   // networks, besides those that fail
inline constexpr uint64_t kNewcomers = 2;  // beyond the usual failure run: who has just come looks failed too

// --- States

inline constexpr Duration kFirstHold = seconds(30), kLongestHold = minutes(15);  // of FAILING
inline constexpr int kRelapseHold = 10;                   // times the hold before, on an alarm within
inline constexpr Duration kRelapseWindow = hours(1);      // ... of the last one, or in PROBATION
inline constexpr Duration kTraffic = seconds(60);         // an attempt within it: clients still come
inline constexpr double kReturnOdds = 4.605170185988092;  // ln 100: what PROBATION must reach
// Times kReturnOdds after failed probations, so that a node can return.
inline constexpr int kMostReturnOdds = 9;
// Times kReturnOdds that the recovery sum can reach; more than the above.
inline constexpr double kMostRecovery = 10;
// PROBATION tests against half the severity seen, within these.
inline constexpr double kLeastRecoverySeverity = 0.05, kMostRecoverySeverity = 0.5;

// --- Figures of the verdict

inline constexpr Duration kRefresh = seconds(1), kRefreshCalm = seconds(5);

}  // namespace candor::rule
