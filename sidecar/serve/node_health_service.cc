// SPDX-License-Identifier: Apache-2.0
#include "serve/node_health_service.h"

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "serve/pagination.h"
#include "serve/reply.h"
#include "serve/report_self.h"
#include "serve/stream_watcher.h"
#include "serve/to_proto.h"
#include "serve/to_proto_history.h"
#include "status/health_names.h"
#include "status/server_view.h"

namespace candor {
namespace {

constexpr std::chrono::milliseconds kShortestHeartbeat{100};
constexpr std::chrono::hours kMaxBytesHeartbeat{24};

grpc::Status CheckHeartbeat(const google::protobuf::Duration& d) {
  using google::protobuf::util::TimeUtil;
  // Compared in seconds first: an arbitrary value in nanoseconds may overflow.
  const bool in_range = d.seconds() >= 0 && d.nanos() >= 0 && d.nanos() < 1'000'000'000 &&
                        d.seconds() <= std::chrono::seconds(kMaxBytesHeartbeat).count();
  if (in_range && TimeUtil::DurationToMilliseconds(d) >= kShortestHeartbeat.count()) return grpc::Status::OK;
  return {grpc::StatusCode::INVALID_ARGUMENT,
          fmt::format("heartbeat is {} s and {} ns; expected 0.1 s to 24 h, or none at all", d.seconds(),
                      d.nanos())};
}

class VerdictWatcher final : public StreamWatcher<v1::Verdict> {
 public:
  // `server`: empty: of the node.
  VerdictWatcher(std::string server, std::optional<Clock::duration> heartbeat, MissedChanges missed,
                 std::unique_ptr<StreamQuota::Ticket> ticket, std::function<Time()> now)
      : StreamWatcher(heartbeat, std::move(ticket)),
        server_(std::move(server)),
        now_(std::move(now)),
        replay_(missed.changes.begin(), missed.changes.end()),
        lost_(missed.lost),
        restarted_(missed.restarted) {}

 private:
  bool Next(const Snapshot& snapshot, bool due, v1::Verdict* message) override {
    // Changes that the snapshot includes need no replay.
    while (!replay_.empty() && replay_.back().sequence >= snapshot.sequence) replay_.pop_back();
    if (!replay_.empty()) {
      *message = ToVerdict(replay_.front());
      replay_.pop_front();
    } else if (due || last_sent_ != snapshot.sequence) {
      last_sent_ = snapshot.sequence;
      if (!Fill(snapshot, due, message)) return false;
      *message->mutable_now() = WallTimestamp(snapshot, now_());
    } else {
      return false;
    }
    message->set_missed(std::exchange(lost_, 0));
    message->set_restarted(std::exchange(restarted_, false));
    return true;
  }

  // Of a server the changes of others are left out.
  bool Fill(const Snapshot& snapshot, bool due, v1::Verdict* message) {
    if (server_.empty()) {
      *message = VerdictToProto(snapshot);
      return true;
    }
    const ServerStatus* server = FindServer(snapshot, server_);
    if (server == nullptr) return false;
    v1::Verdict next = VerdictToProto(OfServer(snapshot, *server));
    const std::string answer =
        fmt::format("{} {} {} {} {}", static_cast<int>(next.state()), next.serving(),
                    static_cast<int>(next.self().answer()), next.blindness_code(), next.reason());
    if (!due && answer == last_answer_) return false;
    last_answer_ = answer;
    *message = std::move(next);
    return true;
  }

  const std::string server_;
  std::string last_answer_;
  const std::function<Time()> now_;
  std::deque<Transition> replay_;  // before the newest snapshot
  uint64_t lost_;
  bool restarted_;
  std::optional<uint64_t> last_sent_;
};

// "FAILING, waiting_on_node: 12 of 14 ...", cut to fit a header.
std::string NotServingMessage(std::string_view service, const Snapshot& s) {
  constexpr size_t kMaxBytes = 400;
  const Verdict shown = s.shown();
  std::string why = fmt::format("{}, {}: {}", Name(shown.state), shown.reason, shown.detail);
  if (service == "self" || (s.without_overrides().state != State::kFailing && !s.self.serving())) {
    why = fmt::format("{}; self-report {}: {}", why, Name(s.self.answer), s.self.detail);
  }
  if (why.size() > kMaxBytes) why = why.substr(0, kMaxBytes) + "...";
  return why;
}

grpc::Status UnknownServer(const Snapshot& node, const std::string& name) {
  return {grpc::StatusCode::NOT_FOUND, UnknownServerMessage(node, name)};
}

}  // namespace

void NodeHealthService::UpdateInfo(const std::function<void(v1::Info&)>& change) {
  const std::lock_guard lock(info_mutex_);
  change(info_);
}

grpc::ServerUnaryReactor* NodeHealthService::GetVerdict(grpc::CallbackServerContext* context,
                                                        const v1::GetVerdictRequest* request,
                                                        v1::Verdict* response) {
  const SnapshotPtr node = parts_.snapshots.Read();
  const SnapshotPtr snapshot = ViewOf(node, request->server());
  if (!snapshot) return Reply(context, UnknownServer(*node, request->server()));
  *response = VerdictToProto(*snapshot);
  *response->mutable_now() = WallTimestamp(*snapshot, parts_.clocks.source());
  return Reply(context, grpc::Status::OK);
}

grpc::ServerWriteReactor<v1::Verdict>* NodeHealthService::WatchVerdict(
    grpc::CallbackServerContext* context, const v1::WatchVerdictRequest* request) {
  std::optional<Watcher::Clock::duration> heartbeat;
  if (request->has_heartbeat()) {
    if (const auto ok = CheckHeartbeat(request->heartbeat()); !ok.ok()) {
      return new RefusedStream<v1::Verdict>(ok);
    }
    heartbeat = std::chrono::nanoseconds(
        google::protobuf::util::TimeUtil::DurationToNanoseconds(request->heartbeat()));
  }
  if (const SnapshotPtr node = parts_.snapshots.Read(); !ViewOf(node, request->server(), false))
    return new RefusedStream<v1::Verdict>(UnknownServer(*node, request->server()));
  auto ticket = quota_.Acquire(context->peer());
  if (!ticket) {
    return new RefusedStream<v1::Verdict>({grpc::StatusCode::RESOURCE_EXHAUSTED, ticket.error().message});
  }
  MissedChanges missed;
  if (request->has_since_sequence())
    missed = parts_.history.Since(request->since_sequence(), request->server());
  return VerdictWatcher::Start(
      std::make_shared<VerdictWatcher>(request->server(), heartbeat, std::move(missed), std::move(*ticket),
                                       parts_.clocks.source),
      &hub_);
}

grpc::ServerUnaryReactor* NodeHealthService::Probe(grpc::CallbackServerContext* context,
                                                   const v1::ProbeRequest* request,
                                                   v1::ProbeResponse* response) {
  const SnapshotPtr snapshot = parts_.snapshots.Read();
  const std::optional<bool> serving = IsServing(request->service(), *snapshot);
  if (!serving)
    return Reply(context,
                 {grpc::StatusCode::NOT_FOUND, UnknownServiceMessage(request->service(), *snapshot)});
  // One of the constant names shows the node.
  const ServerStatus* server = FindServer(*snapshot, request->service());
  const Snapshot view = server != nullptr ? OfServer(*snapshot, *server, false) : *snapshot;
  if (!*serving)
    return Reply(context, {grpc::StatusCode::UNAVAILABLE, NotServingMessage(request->service(), view)});
  const Verdict shown = view.shown();
  response->set_state(ToProto(shown.state));
  response->set_reason(shown.reason);
  return Reply(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* NodeHealthService::ReportSelf(grpc::CallbackServerContext* context,
                                                        const v1::ReportSelfRequest* request,
                                                        v1::ReportSelfResponse* response) {
  return Reply(context, AcceptSelfReport(parts_.self_reports, context->peer(), *request, MonotonicNow(),
                                         std::chrono::system_clock::now(), response));
}

grpc::ServerUnaryReactor* NodeHealthService::ListTransitions(grpc::CallbackServerContext* context,
                                                             const v1::ListTransitionsRequest* request,
                                                             v1::ListTransitionsResponse* response) {
  return Reply(context, candor::ListTransitions(parts_.history, *request, largest_page_, response));
}

grpc::ServerUnaryReactor* NodeHealthService::ListAttempts(grpc::CallbackServerContext* context,
                                                          const v1::ListAttemptsRequest* request,
                                                          v1::ListAttemptsResponse* response) {
  const SnapshotPtr snapshot = parts_.snapshots.Read();
  *response->mutable_now() = WallTimestamp(*snapshot, parts_.clocks.source());
  return Reply(context, candor::ListAttempts(*snapshot, *request, largest_page_, response));
}

grpc::ServerUnaryReactor* NodeHealthService::ListFlows(grpc::CallbackServerContext* context,
                                                       const v1::ListFlowsRequest* request,
                                                       v1::ListFlowsResponse* response) {
  const SnapshotPtr snapshot = parts_.snapshots.Read();
  *response->mutable_now() = WallTimestamp(*snapshot, parts_.clocks.source());
  return Reply(context, candor::ListFlows(*snapshot, *request, largest_page_, response));
}

grpc::ServerUnaryReactor* NodeHealthService::GetInfo(grpc::CallbackServerContext* context,
                                                     const v1::GetInfoRequest*, v1::Info* response) {
  {
    const std::lock_guard lock(info_mutex_);
    *response = info_;
  }
  const SnapshotPtr snapshot = parts_.snapshots.Read();
  FillInfo(*snapshot, response);
  *response->mutable_uptime() =
      google::protobuf::util::TimeUtil::NanosecondsToDuration((parts_.clocks.boot() - started_).count());
  return Reply(context, grpc::Status::OK);
}

}  // namespace candor
