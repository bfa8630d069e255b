// SPDX-License-Identifier: Apache-2.0
#include "serve/node_health_service.h"

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <optional>

#include "serve/stream_watcher.h"
#include "serve/wire.h"

namespace candor {
namespace {

constexpr uint32_t kDefaultPage = 100;
constexpr uint32_t kLargestPage = 1000;
constexpr std::chrono::milliseconds kShortestHeartbeat{100};
constexpr std::chrono::hours kLongestHeartbeat{24};

grpc::Status Invalid(std::string what) { return {grpc::StatusCode::INVALID_ARGUMENT, std::move(what)}; }

grpc::Status CheckPageSize(uint32_t page_size) {
  if (page_size <= kLargestPage) return grpc::Status::OK;
  return Invalid(
      fmt::format("page_size is {}; expected 1 to {}, or 0 for {}", page_size, kLargestPage, kDefaultPage));
}

uint32_t PageOf(uint32_t page_size) { return page_size == 0 ? kDefaultPage : page_size; }

grpc::Status CheckFilters(const v1::ListAttemptsRequest& request) {
  for (const int outcome : request.outcome()) {
    if (outcome != v1::OUTCOME_UNSPECIFIED && v1::Outcome_IsValid(outcome)) continue;
    return Invalid(fmt::format("outcome holds {}; expected values of candor.v1.Outcome from {} to {}",
                               outcome, v1::Outcome_MIN + 1, v1::Outcome_MAX));
  }
  for (const int owed : request.owed()) {
    if (v1::Owed_IsValid(owed)) continue;
    return Invalid(fmt::format("owed holds {}; expected values of candor.v1.Owed from {} to {}", owed,
                               v1::Owed_MIN, v1::Owed_MAX));
  }
  return grpc::Status::OK;
}

// An empty filter lets everything through.
template <class Filter>
bool Passes(const Filter& filter, int value) {
  return filter.empty() || std::find(filter.begin(), filter.end(), value) != filter.end();
}

grpc::Status CheckHeartbeat(const google::protobuf::Duration& d) {
  using google::protobuf::util::TimeUtil;
  // Compared in seconds first: nanoseconds of what a stranger sends may overflow.
  const bool in_range = d.seconds() >= 0 && d.nanos() >= 0 && d.nanos() < 1'000'000'000 &&
                        d.seconds() <= std::chrono::seconds(kLongestHeartbeat).count();
  if (in_range && TimeUtil::DurationToMilliseconds(d) >= kShortestHeartbeat.count()) return grpc::Status::OK;
  return Invalid(fmt::format("heartbeat is {} s and {} ns; expected 0.1 s to 24 h, or none at all",
                             d.seconds(), d.nanos()));
}

class VerdictWatcher final : public StreamWatcher<v1::Verdict> {
 public:
  explicit VerdictWatcher(std::optional<Clock::duration> heartbeat) : StreamWatcher(heartbeat) {}

 private:
  bool Next(const Snapshot& snapshot, bool due, v1::Verdict* message) override {
    if (!due && told_ == snapshot.sequence) return false;
    told_ = snapshot.sequence;
    *message = VerdictToWire(snapshot);
    return true;
  }

  std::optional<uint64_t> told_;
};

// A stream that only says what was wrong.
class RefusedWatch final : public grpc::ServerWriteReactor<v1::Verdict> {
 public:
  explicit RefusedWatch(const grpc::Status& why) { Finish(why); }
  void OnDone() override { delete this; }
};

grpc::ServerUnaryReactor* Reply(grpc::CallbackServerContext* context, const grpc::Status& status) {
  auto* reactor = context->DefaultReactor();
  reactor->Finish(status);
  return reactor;
}

}  // namespace

void NodeHealthService::SetListening(const std::vector<std::string>& listening) {
  const std::lock_guard lock(about_mutex_);
  about_.clear_listening();
  for (const std::string& address : listening) about_.add_listening(address);
}

grpc::ServerUnaryReactor* NodeHealthService::GetVerdict(grpc::CallbackServerContext* context,
                                                        const v1::GetVerdictRequest*, v1::Verdict* response) {
  *response = VerdictToWire(*board_.Read());
  return Reply(context, grpc::Status::OK);
}

grpc::ServerWriteReactor<v1::Verdict>* NodeHealthService::WatchVerdict(
    grpc::CallbackServerContext*, const v1::WatchVerdictRequest* request) {
  std::optional<Watcher::Clock::duration> heartbeat;
  if (request->has_heartbeat()) {
    if (const auto ok = CheckHeartbeat(request->heartbeat()); !ok.ok()) return new RefusedWatch(ok);
    heartbeat = std::chrono::nanoseconds(
        google::protobuf::util::TimeUtil::DurationToNanoseconds(request->heartbeat()));
  }
  return VerdictWatcher::Start(std::make_shared<VerdictWatcher>(heartbeat), &hub_);
}

grpc::ServerUnaryReactor* NodeHealthService::ListAttempts(grpc::CallbackServerContext* context,
                                                          const v1::ListAttemptsRequest* request,
                                                          v1::ListAttemptsResponse* response) {
  if (const auto ok = CheckPageSize(request->page_size()); !ok.ok()) return Reply(context, ok);
  if (const auto ok = CheckFilters(*request); !ok.ok()) return Reply(context, ok);
  const SnapshotPtr snapshot = board_.Read();
  const auto limit = static_cast<int>(PageOf(request->page_size()));
  for (const AttemptView& attempt : snapshot->attempts) {
    if (!Passes(request->outcome(), ToWire(attempt.outcome))) continue;
    if (!Passes(request->owed(), ToWire(attempt.owed))) continue;
    if (response->attempts_size() == limit) {
      response->set_more(true);
      break;
    }
    *response->add_attempts() = ToWire(attempt, snapshot->to_wall);
  }
  return Reply(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* NodeHealthService::ListFlows(grpc::CallbackServerContext* context,
                                                       const v1::ListFlowsRequest* request,
                                                       v1::ListFlowsResponse* response) {
  if (const auto ok = CheckPageSize(request->page_size()); !ok.ok()) return Reply(context, ok);
  const SnapshotPtr snapshot = board_.Read();
  const size_t count = std::min<size_t>(PageOf(request->page_size()), snapshot->flows.size());
  // Most recently heard first, whatever order the tracker keeps them in.
  std::vector<const FlowView*> flows;
  for (const FlowView& f : snapshot->flows) flows.push_back(&f);
  std::partial_sort(
      flows.begin(), flows.begin() + static_cast<std::ptrdiff_t>(count), flows.end(),
      [](const FlowView* a, const FlowView* b) { return a->state.last_in_ns > b->state.last_in_ns; });
  for (size_t i = 0; i < count; ++i) *response->add_flows() = ToWire(*flows[i], snapshot->to_wall);
  response->set_more(count < flows.size());
  return Reply(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* NodeHealthService::GetInfo(grpc::CallbackServerContext* context,
                                                     const v1::GetInfoRequest*, v1::Info* response) {
  {
    const std::lock_guard lock(about_mutex_);
    *response = about_;
  }
  const SnapshotPtr snapshot = board_.Read();
  FillInfo(*snapshot, response);
  return Reply(context, grpc::Status::OK);
}

}  // namespace candor
