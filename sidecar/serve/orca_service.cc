// SPDX-License-Identifier: Apache-2.0
#include "serve/orca_service.h"

#include <algorithm>

#include "serve/stream_watcher.h"

namespace candor {
namespace {

using xds::data::orca::v3::OrcaLoadReport;
using xds::service::orca::v3::OrcaLoadReportRequest;

// A client ignores a report with a utilization of 0.
constexpr double kMinUtilization = 0.01;
constexpr double kProbationFailures = 19;

class OrcaWatcher final : public StreamWatcher<OrcaLoadReport> {
 public:
  OrcaWatcher(Clock::duration interval, LoadMeter& meter, std::unique_ptr<StreamQuota::Ticket> ticket)
      : StreamWatcher(interval, std::move(ticket)), meter_(meter) {}

 private:
  bool Next(const Snapshot& snapshot, bool due, OrcaLoadReport* message) override {
    const State state = snapshot.shown().state;
    if (!due && last_sent_ == state) return false;
    const auto report = OrcaReport(state, meter_.Measure(snapshot));
    last_sent_ = state;
    if (!report) return false;
    *message = *report;
    return true;
  }

  LoadMeter& meter_;
  std::optional<State> last_sent_;
};

Watcher::Clock::duration IntervalOf(const OrcaLoadReportRequest& request) {
  if (!request.has_report_interval()) return std::chrono::seconds(10);
  return std::chrono::seconds(std::clamp<int64_t>(request.report_interval().seconds(), 1, 3600));
}

}  // namespace

std::optional<OrcaLoadReport> OrcaReport(State state, const Load& load) {
  if (state == State::kUnknown || state == State::kBlind) return std::nullopt;
  // Without attempts qps would be 0 and a report without a weight.
  const bool all_fail = state == State::kFailing;
  const double qps = all_fail ? std::max(load.attempts_per_second, 1.0) : load.attempts_per_second;
  double eps = std::min(load.failed_per_second, qps);
  if (state == State::kProbation) eps = kProbationFailures * qps;
  if (all_fail) eps = qps;
  OrcaLoadReport report;
  report.set_rps_fractional(qps);
  report.set_eps(eps);
  report.set_cpu_utilization(std::max(load.cpu, kMinUtilization));
  return report;
}

grpc::ServerWriteReactor<OrcaLoadReport>* OrcaService::StreamCoreMetrics(
    grpc::CallbackServerContext* context, const OrcaLoadReportRequest* request) {
  auto ticket = quota_.Acquire(context->peer());
  if (!ticket) {
    return new RefusedStream<OrcaLoadReport>({grpc::StatusCode::RESOURCE_EXHAUSTED, ticket.error().message});
  }
  return OrcaWatcher::Start(std::make_shared<OrcaWatcher>(IntervalOf(*request), meter_, std::move(*ticket)),
                            &hub_);
}

}  // namespace candor
