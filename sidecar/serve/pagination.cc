// SPDX-License-Identifier: Apache-2.0
#include "serve/pagination.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "serve/reply.h"
#include "serve/to_proto.h"
#include "serve/to_proto_history.h"
#include "status/server_view.h"

namespace candor {
namespace {

constexpr int kMaxNetworks = 64;

grpc::Status CheckPageSize(uint32_t page_size, uint32_t largest) {
  if (page_size <= largest) return grpc::Status::OK;
  return Invalid(fmt::format("page_size is {}; expected 1 to {} (the setting limits.page), or 0 for {}",
                             page_size, largest, std::min(kDefaultPage, largest)));
}

size_t PageSizeOf(uint32_t page_size, uint32_t largest) {
  return page_size == 0 ? std::min(kDefaultPage, largest) : page_size;
}

// A token is the letter of its list and numbers separated by dashes. Fills `numbers`.
template <size_t N>
grpc::Status ReadToken(const std::string& token, char list, std::array<uint64_t, N>* numbers) {
  std::string_view rest = token;
  bool good = rest.size() > 1 && rest.front() == list;
  if (good) rest.remove_prefix(1);
  for (size_t i = 0; good && i < N; ++i) {
    const auto [end, ec] = std::from_chars(rest.data(), rest.data() + rest.size(), (*numbers)[i]);
    rest.remove_prefix(static_cast<size_t>(end - rest.data()));
    const bool last = i + 1 == N;
    good = ec == std::errc() && (last ? rest.empty() : rest.starts_with('-'));
    if (good && !last) rest.remove_prefix(1);
  }
  if (good) return grpc::Status::OK;
  return Invalid("page_token is not of this list; expected next_page_token of an earlier answer");
}

// The filters common to attempts and flows.
class Filters {
 public:
  template <class Request>
  static grpc::Status Read(const Request& request, Filters* out) {
    for (const int waiting_on : request.waiting_on()) {
      if (v1::WaitingOn_IsValid(waiting_on)) continue;
      return Invalid(fmt::format("waiting_on holds {}; expected values of candor.v1.WaitingOn from {} to {}",
                                 waiting_on, v1::WaitingOn_MIN, v1::WaitingOn_MAX));
    }
    for (const int phase : request.phase()) {
      if (phase != v1::PHASE_UNSPECIFIED && v1::Phase_IsValid(phase)) continue;
      return Invalid(fmt::format("phase holds {}; expected values of candor.v1.Phase from {} to {}", phase,
                                 v1::Phase_MIN + 1, v1::Phase_MAX));
    }
    if (request.peer_network_size() > kMaxNetworks) {
      return Invalid(fmt::format("peer_network holds {} entries; expected at most {}",
                                 request.peer_network_size(), kMaxNetworks));
    }
    for (const std::string& text : request.peer_network()) {
      auto prefix = IpPrefix::Parse(text);
      if (!prefix) return Invalid("peer_network: " + prefix.error().message);
      out->networks_.push_back(*prefix);
    }
    out->waiting_on_.assign(request.waiting_on().begin(), request.waiting_on().end());
    out->phase_.assign(request.phase().begin(), request.phase().end());
    return grpc::Status::OK;
  }

  bool Matches(Phase phase, WaitingOn waiting_on, const IpAddress& peer) const {
    const bool near = networks_.empty() || std::any_of(networks_.begin(), networks_.end(),
                                                       [&](const IpPrefix& n) { return n.Contains(peer); });
    return near && Has(waiting_on_, ToProto(waiting_on)) && Has(phase_, ToProto(phase));
  }

  // An empty filter matches everything.
  static bool Has(const std::vector<int>& filter, int value) {
    return filter.empty() || std::find(filter.begin(), filter.end(), value) != filter.end();
  }

 private:
  std::vector<int> waiting_on_, phase_;
  std::vector<IpPrefix> networks_;
};

// The filter by media server.
class OneServer {
 public:
  OneServer(const Snapshot& snapshot, const std::string& name)
      : all_(name.empty()), server_(FindServer(snapshot, name)) {}
  bool known() const { return all_ || server_ != nullptr; }
  bool Has(uint32_t id) const { return all_ || (!server_->gone && server_->id == id); }

 private:
  bool all_;
  const ServerStatus* server_;
};

grpc::Status CheckOutcomes(const v1::ListAttemptsRequest& request) {
  for (const int outcome : request.outcome()) {
    if (outcome != v1::OUTCOME_UNSPECIFIED && v1::Outcome_IsValid(outcome)) continue;
    return Invalid(fmt::format("outcome holds {}; expected values of candor.v1.Outcome from {} to {}",
                               outcome, v1::Outcome_MIN + 1, v1::Outcome_MAX));
  }
  return grpc::Status::OK;
}

// The sort key of a flow: the time of its last packet in, and its hash for equal times.
using FlowPosition = std::array<uint64_t, 2>;
FlowPosition PositionOf(const FlowView& f) { return {f.state.last_in_ns, FlowKeyHash()(f.key)}; }

}  // namespace

grpc::Status ListAttempts(const Snapshot& snapshot, const v1::ListAttemptsRequest& request, uint32_t largest,
                          v1::ListAttemptsResponse* response) {
  Filters filters;
  std::array<uint64_t, 1> before{UINT64_MAX};
  if (const auto ok = CheckPageSize(request.page_size(), largest); !ok.ok()) return ok;
  if (const auto ok = CheckOutcomes(request); !ok.ok()) return ok;
  if (const auto ok = Filters::Read(request, &filters); !ok.ok()) return ok;
  if (!request.page_token().empty()) {
    if (const auto ok = ReadToken(request.page_token(), 'a', &before); !ok.ok()) return ok;
  }
  const OneServer server(snapshot, request.server());
  if (!server.known()) return {grpc::StatusCode::NOT_FOUND, UnknownServerMessage(snapshot, request.server())};
  const std::vector<int> outcomes(request.outcome().begin(), request.outcome().end());
  std::vector<const AttemptView*> found;
  for (const AttemptView& a : snapshot.attempts) {
    const bool passes = a.id < before[0] && filters.Matches(a.phase, a.waiting_on, a.peer.address) &&
                        Filters::Has(outcomes, ToProto(a.outcome)) && server.Has(a.server);
    if (passes) found.push_back(&a);
  }
  std::sort(found.begin(), found.end(), [](auto* a, auto* b) { return a->id > b->id; });
  const size_t count = std::min(found.size(), PageSizeOf(request.page_size(), largest));
  for (size_t i = 0; i < count; ++i) *response->add_attempts() = ToProto(*found[i], snapshot);
  response->set_more(count < found.size());
  if (count < found.size()) response->set_next_page_token(fmt::format("a{}", found[count - 1]->id));
  return grpc::Status::OK;
}

grpc::Status ListFlows(const Snapshot& snapshot, const v1::ListFlowsRequest& request, uint32_t largest,
                       v1::ListFlowsResponse* response) {
  Filters filters;
  FlowPosition before{UINT64_MAX, UINT64_MAX};
  if (const auto ok = CheckPageSize(request.page_size(), largest); !ok.ok()) return ok;
  if (const auto ok = Filters::Read(request, &filters); !ok.ok()) return ok;
  if (!request.page_token().empty()) {
    if (const auto ok = ReadToken(request.page_token(), 'f', &before); !ok.ok()) return ok;
  }
  const OneServer server(snapshot, request.server());
  if (!server.known()) return {grpc::StatusCode::NOT_FOUND, UnknownServerMessage(snapshot, request.server())};
  std::vector<std::pair<FlowPosition, const FlowView*>> found;
  for (const FlowView& f : snapshot.flows) {
    const auto phase = static_cast<Phase>(f.state.phase);
    const auto waiting_on = static_cast<WaitingOn>(f.state.waiting_on);
    const FlowPosition position = PositionOf(f);
    if (request.one_way() && f.one_way_since == Time{}) continue;
    if (position < before && server.Has(f.server) &&
        filters.Matches(phase, waiting_on, RemoteOf(f.key).address))
      found.emplace_back(position, &f);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  const size_t count = std::min(found.size(), PageSizeOf(request.page_size(), largest));
  for (size_t i = 0; i < count; ++i) *response->add_flows() = ToProto(*found[i].second, snapshot);
  response->set_more(count < found.size());
  if (count < found.size()) {
    const FlowPosition& last = found[count - 1].first;
    response->set_next_page_token(fmt::format("f{}-{}", last[0], last[1]));
  }
  return grpc::Status::OK;
}

grpc::Status ListTransitions(const History& history, const v1::ListTransitionsRequest& request,
                             uint32_t largest, v1::ListTransitionsResponse* response) {
  std::array<uint64_t, 1> before{0};
  if (const auto ok = CheckPageSize(request.page_size(), largest); !ok.ok()) return ok;
  if (!request.page_token().empty()) {
    if (const auto ok = ReadToken(request.page_token(), 't', &before); !ok.ok()) return ok;
  }
  const size_t count = PageSizeOf(request.page_size(), largest);
  const auto found = history.Newest(count + 1, before[0], request.server());
  for (size_t i = 0; i < std::min(count, found.size()); ++i) *response->add_transitions() = ToProto(found[i]);
  if (found.size() > count) response->set_next_page_token(fmt::format("t{}", found[count - 1].id));
  return grpc::Status::OK;
}

}  // namespace candor
