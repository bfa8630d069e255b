// SPDX-License-Identifier: Apache-2.0
#include "serve/report_self.h"

#include <fmt/format.h>

#include "net/peer_credentials.h"
#include "serve/reply.h"
#include "serve/to_proto.h"

namespace candor {
namespace {

constexpr size_t kMaxDetailBytes = 200;

grpc::Status CheckSender(PushFrom push, std::string_view peer) {
  if (push == PushFrom::kOff) {
    return {grpc::StatusCode::FAILED_PRECONDITION,
            "this candord accepts no reports: set self_report.push to unix or loopback"};
  }
  if (IsUnixPeer(peer)) return grpc::Status::OK;
  if (push == PushFrom::kLoopback && IsLoopbackPeer(peer)) return grpc::Status::OK;
  return {grpc::StatusCode::PERMISSION_DENIED,
          push == PushFrom::kUnix
              ? "reports are accepted through unix sockets only (self_report.push: unix)"
              : "reports are accepted from this machine only (self_report.push: loopback)"};
}

grpc::Status Check(const v1::ReportSelfRequest& request) {
  if (request.answer() != v1::SelfReport::OK && request.answer() != v1::SelfReport::DOWN) {
    return Invalid(fmt::format("answer is {}; expected OK or DOWN", static_cast<int>(request.answer())));
  }
  if (request.detail().size() > kMaxDetailBytes) {
    return Invalid(
        fmt::format("detail has {} bytes; expected at most {}", request.detail().size(), kMaxDetailBytes));
  }
  const auto& d = request.valid_for();
  const bool positive = d.seconds() >= 0 && d.nanos() >= 0 && (d.seconds() > 0 || d.nanos() > 0);
  if (request.has_valid_for() && !positive)
    return Invalid("valid_for is not above zero; leave it out or raise it");
  return grpc::Status::OK;
}

// Absent: as long as possible.
Duration ValidFor(const v1::ReportSelfRequest& request) {
  constexpr int64_t kDay = 86400;
  const auto& d = request.valid_for();
  if (!request.has_valid_for() || d.seconds() > kDay) return std::chrono::hours(24);
  return std::chrono::seconds(d.seconds()) + std::chrono::nanoseconds(d.nanos());
}

}  // namespace

grpc::Status AcceptSelfReport(SelfReportAggregator& self_reports, std::string_view peer,
                              const v1::ReportSelfRequest& request, Time now,
                              std::chrono::system_clock::time_point wall, v1::ReportSelfResponse* response) {
  if (const auto ok = CheckSender(self_reports.push(), peer); !ok.ok()) return ok;
  if (const auto ok = Check(request); !ok.ok()) return ok;
  SelfReport report;
  report.answer = request.answer() == v1::SelfReport::OK ? SelfAnswer::kOk : SelfAnswer::kDown;
  report.detail = request.detail();
  report.checked_at = wall;
  *response->mutable_self() = ToProto(self_reports.OnPushed(std::move(report), ValidFor(request), now));
  return grpc::Status::OK;
}

}  // namespace candor
