// SPDX-License-Identifier: Apache-2.0
#include "serve/to_proto_history.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>

#include "serve/to_proto.h"
#include "serve/to_proto_values.h"

namespace candor {
namespace {

using google::protobuf::Timestamp;
using google::protobuf::util::TimeUtil;

Duration BootToWallOf(const SavedState& s) { return s.at.time_since_epoch() - s.boot.time_since_epoch(); }

}  // namespace

v1::Transition ToProto(const Transition& t) {
  v1::Transition out;
  out.set_id(t.id);
  out.set_kind(t.kind == Transition::Kind::kOperator ? v1::Transition::OPERATOR : v1::Transition::CHANGE);
  *out.mutable_at() = ToProto(t.at);
  out.set_sequence(t.sequence);
  out.set_before(ToProto(t.before));
  out.set_state(ToProto(t.state));
  out.set_reason(t.reason);
  out.set_detail(t.detail);
  out.set_remediation(t.remediation);
  out.set_serving(t.serving);
  out.set_self(ToProto(t.self));
  out.set_blindness_code(t.blindness_code);
  out.set_action(t.action);
  out.set_by(t.by);
  if (!t.cause.empty()) *out.mutable_cause() = ToProto(t.cause);
  out.set_server(t.server);
  return out;
}

v1::Verdict ToVerdict(const Transition& t) {
  v1::Verdict out;
  out.set_replayed(true);
  out.set_sequence(t.sequence);
  out.set_state(ToProto(t.state));
  out.set_reason(t.reason);
  out.set_detail(t.detail);
  out.set_remediation(t.remediation);
  *out.mutable_judged_at() = ToProto(t.at);
  out.set_serving(t.serving);
  out.mutable_self()->set_answer(ToProto(t.self));
  out.set_blindness_code(t.blindness_code);
  if (!t.cause.empty()) *out.mutable_cause() = ToProto(t.cause);
  out.set_server(t.server);
  return out;
}

std::optional<Transition> FromProto(const v1::Transition& t) {
  const auto before = FromProto(t.before());
  const auto state = FromProto(t.state());
  if (!before || !state) return std::nullopt;
  Transition out;
  out.id = t.id();
  out.kind = t.kind() == v1::Transition::OPERATOR ? Transition::Kind::kOperator : Transition::Kind::kChange;
  out.at = FromProto(t.at());
  out.sequence = t.sequence();
  out.before = *before;
  out.state = *state;
  out.reason = t.reason();
  out.detail = t.detail();
  out.remediation = t.remediation();
  out.serving = t.serving();
  out.self = FromProto(t.self()).value_or(SelfAnswer::kPending);
  out.blindness_code = t.blindness_code();
  out.action = t.action();
  out.by = t.by();
  out.cause.code = t.cause().code();
  out.cause.measured = t.cause().measured();
  out.cause.text = t.cause().text();
  out.cause.remediation = t.cause().remediation();
  out.cause.chain.assign(t.cause().chain().begin(), t.cause().chain().end());
  out.server = t.server();
  return out;
}

v1::SavedState ToProto(const SavedState& s) {
  v1::SavedState out;
  *out.mutable_saved_at() = ToProto(s.at);
  out.set_sequence(s.sequence);
  out.set_baseline(s.baseline);
  out.set_boot_id(s.boot_id);
  *out.mutable_saved_since_boot() = TimeUtil::NanosecondsToDuration(s.boot.time_since_epoch().count());
  const Duration boot_to_wall = BootToWallOf(s);
  for (const ServerBaseline& b : s.servers) {
    v1::ServerBaseline* server = out.add_servers();
    server->set_name(b.name);
    server->set_baseline(b.text);
    *server->mutable_age() = TimeUtil::NanosecondsToDuration(b.age.count());
  }
  if (!s.baseline.empty() || !s.servers.empty())
    *out.mutable_baseline_at() = ToProto(s.baseline_at, boot_to_wall);
  if (s.overrides.drain) *out.mutable_drain() = ToProto(*s.overrides.drain, boot_to_wall);
  if (s.overrides.state_override)
    *out.mutable_state_override() = ToProto(*s.overrides.state_override, boot_to_wall);
  for (const Transition& t : s.transitions) *out.add_transitions() = ToProto(t);
  return out;
}

SavedState FromProto(const v1::SavedState& in) {
  SavedState s;
  s.at = FromProto(in.saved_at());
  s.sequence = in.sequence();
  s.boot_id = in.boot_id();
  // Clamped as a Timestamp is: a damaged number must not overflow.
  Timestamp since_boot;
  since_boot.set_seconds(in.saved_since_boot().seconds());
  since_boot.set_nanos(in.saved_since_boot().nanos());
  s.boot = BootTime(FromProto(since_boot).time_since_epoch());
  const Duration boot_to_wall = BootToWallOf(s);
  s.baseline = in.baseline();
  constexpr size_t kMostServers = 64;  // of a damaged file
  for (const v1::ServerBaseline& b : in.servers()) {
    if (s.servers.size() >= kMostServers) break;
    const int64_t seconds = std::clamp<int64_t>(b.age().seconds(), 0, 10LL * 365 * 86400);
    s.servers.push_back({b.name(), b.baseline(), std::chrono::seconds(seconds)});
  }
  s.baseline_at = BootTimeFromProto(in.baseline_at(), boot_to_wall);
  if (in.has_drain()) s.overrides.drain = FromProto(in.drain(), boot_to_wall);
  if (in.has_state_override()) s.overrides.state_override = FromProto(in.state_override(), boot_to_wall);
  for (const v1::Transition& t : in.transitions()) {
    if (auto known = FromProto(t)) s.transitions.push_back(std::move(*known));
  }
  return s;
}

}  // namespace candor
