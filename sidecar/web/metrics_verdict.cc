// SPDX-License-Identifier: Apache-2.0
//
// Tested in tests/web/metrics_test.cc.
#include <array>

#include "web/metrics.h"
#include "web/routing_advice.h"

namespace candor::web {
namespace {

template <class Enum, size_t N>
std::array<std::string_view, N> Names(const std::array<Enum, N>& all) {
  std::array<std::string_view, N> out;
  for (size_t i = 0; i < N; ++i) out[i] = Name(all[i]);
  return out;
}

const auto kStates = Names(std::array{State::kUnknown, State::kHealthy, State::kDegraded, State::kFailing,
                                      State::kProbation, State::kDraining, State::kBlind});
const auto kAnswers = Names(std::array{SelfAnswer::kNotConfigured, SelfAnswer::kPending, SelfAnswer::kOk,
                                       SelfAnswer::kDown, SelfAnswer::kUnreachable});

void AddTimes(const Verdict& shown, std::chrono::nanoseconds to_wall, Exposition& out) {
  const auto unix_seconds = [&](Time t) { return Seconds(t.time_since_epoch() + to_wall); };
  if (shown.since != Time{}) {
    out.Gauge("candor_verdict_since_timestamp_seconds", "When the verdict's state began.")
        .Value(unix_seconds(shown.since));
  }
  if (shown.at != Time{}) {
    out.Gauge("candor_verdict_judged_timestamp_seconds", "When the verdict was last judged.")
        .Value(unix_seconds(shown.at));
  }
}

void AddEvidence(const Verdict& shown, Exposition& out) {
  out.Gauge("candor_evidence_attempts", "Attempts counted as evidence by the deciding detector.")
      .Value(shown.counted);
  out.Gauge("candor_evidence_failed_attempts", "Of these, those that did not become active.")
      .Value(shown.failed);
  out.Gauge("candor_evidence_failed_networks", "Client networks of the failed attempts.")
      .Value(shown.networks);
  out.Gauge("candor_evidence_window_seconds", "Time span of the evidence.").Value(Seconds(shown.window));
  if (shown.score > 0) {  // else the severity is only the prior
    out.Gauge(
           "candor_failing_ratio",
           "Estimated share of failing attempts (of lost datagrams where a socket detector decides); absent "
           "while the score is 0.")
        .Value(shown.severity);
  }
  out.Counter("candor_ignored_attempts_total", "Attempts excluded from the evidence, by reason.")
      .Value(shown.ignored_retry, {{"reason", "retry"}})
      .Value(shown.ignored_unacknowledged, {{"reason", "unacknowledged"}})
      .Value(shown.ignored_capped, {{"reason", "network_capped"}});
}

void AddDetectors(const Verdict& shown, Exposition& out) {
  if (shown.detectors.empty()) return;
  out.Gauge("candor_detector_score", "Log-likelihood ratio (natural) of a fault against the baseline.");
  for (const DetectorStatus& d : shown.detectors) out.Value(d.score, {{"detector", d.name}});
  out.Gauge("candor_detector_threshold", "The score at which the detector fires.");
  for (const DetectorStatus& d : shown.detectors) out.Value(d.threshold, {{"detector", d.name}});
  out.Gauge("candor_detector_baseline_failure_ratio",
            "Share of attempts that fails in normal operation of this node.");
  for (const DetectorStatus& d : shown.detectors) out.Value(d.baseline_failure_rate, {{"detector", d.name}});
}

void AddArrivals(const Verdict& shown, Exposition& out) {
  const ArrivalGap& gap = shown.arrivals;
  if (gap.last != Time{}) {
    out.Gauge("candor_arrivals_last_attempt_age_seconds", "Time since the last attempt that counted.")
        .Value(Seconds(shown.at - gap.last));
  }
  if (!gap.known) return;
  out.Gauge("candor_arrivals_usual_per_second", "Usual rate of attempts at the last one.")
      .Value(gap.usual_per_second);
  out.Gauge("candor_arrivals_expected_attempts", "Attempts that usually come in the present gap.")
      .Value(gap.expected);
  out.Gauge("candor_arrivals_limit_attempts",
            "Expected attempts from which on the gap is no chance: attempts have ceased.")
      .Value(gap.limit);
}

// Absent where no page is configured, and the counters where nothing was read: that is not 0 joins.
void AddReportedJoins(const MetricsPage& page, const ReportedJoinEvidence& r, Exposition& out) {
  if (!page.configured) return;
  out.Gauge("candor_reported_joins_known",
            "Whether the media server's own counters of joins are read and judged (self_report.prometheus).")
      .Value(r.unknown.empty() ? 1.0 : 0.0);
  if (r.counters.at == Time{}) return;
  out.Counter("candor_reported_joins_total",
              "Joins as the media server itself counts them, by how far they came.")
      .Value(r.counters.signalled, {{"stage", "signalled"}})
      .Value(r.counters.begun, {{"stage", "begun"}})
      .Value(r.counters.resumed, {{"stage", "resumed"}})
      .Value(r.counters.up, {{"stage", "up"}})
      .Value(r.counters.cancelled, {{"stage", "cancelled"}});
  if (r.usual_share <= 0) return;
  out.Gauge("candor_reported_joins_usual_ratio",
            "Share of joins whose media usually comes up; a lower bound.")
      .Value(r.usual_share);
  out.Gauge("candor_reported_joins_score",
            "Evidence that media stays away from those who join, by who says so.")
      .Value(r.score, {{"by", "server"}})
      .Value(r.socket_score, {{"by", "sockets"}});
  out.Gauge("candor_reported_joins_threshold", "The score at which joins_without_media fires.")
      .Value(r.threshold);
}

}  // namespace

void AddVerdict(const Snapshot& snapshot, Exposition& out) {
  const Verdict shown = snapshot.shown();
  const RoutingAdvice advice = RoutingAdviceOf(snapshot);
  out.Gauge("candor_verdict", "The verdict: 1 for the current state.")
      .OneOf("state", kStates, Name(shown.state));
  out.Gauge("candor_verdict_reason", "Reason of the verdict, a stable identifier.")
      .Value(1.0, {{"reason", shown.reason}});
  if (!shown.cause.code.empty()) {
    out.Gauge("candor_verdict_cause",
              "Why the node fails, a stable identifier; measured: the kernel says so, else it is inferred. "
              "Absent while it is not known.")
        .Value(1.0, {{"code", shown.cause.code}, {"measured", shown.cause.measured ? "true" : "false"}});
  }
  out.Gauge("candor_self_report", "The node's self-report: 1 for the current answer.")
      .OneOf("answer", kAnswers, Name(snapshot.self.answer));
  out.Gauge("candor_serving", "The effective answer to load balancers: the worse of verdict and self-report.")
      .Value(advice.serving ? 1.0 : 0.0);
  const double share = !advice.serving ? 0 : advice.weight.value_or(kFullWeight) / double{kFullWeight};
  out.Gauge("candor_serving_weight_ratio",
            "Traffic that load balancers should send, as a share of a healthy node's.")
      .Value(share);
  AddTimes(shown, snapshot.to_wall, out);
  AddEvidence(shown, out);
  AddDetectors(shown, out);
  AddArrivals(shown, out);
  AddReportedJoins(snapshot.metrics_page, shown.reported, out);
}

}  // namespace candor::web
