// SPDX-License-Identifier: Apache-2.0
#include "serve/to_proto_history.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>

#include "serve/to_proto.h"

namespace candor {
namespace {

using google::protobuf::Timestamp;
using google::protobuf::util::TimeUtil;

constexpr State kStates[] = {State::kUnknown,   State::kHealthy,  State::kDegraded, State::kFailing,
                             State::kProbation, State::kDraining, State::kBlind};
constexpr SelfAnswer kAnswers[] = {SelfAnswer::kNotConfigured, SelfAnswer::kPending, SelfAnswer::kOk,
                                   SelfAnswer::kDown, SelfAnswer::kUnreachable};

SelfAnswer AnswerFromProto(v1::SelfReport::Answer answer) {
  const auto* const found = std::find_if(std::begin(kAnswers), std::end(kAnswers),
                                         [&](SelfAnswer a) { return ToProto(a) == answer; });
  return found == std::end(kAnswers) ? SelfAnswer::kPending : *found;
}

Timestamp Stamp(BootTime t, Duration boot_to_wall) {
  return ToProto(WallTime(t.time_since_epoch() + boot_to_wall));
}
BootTime BootTimeOf(const Timestamp& t, Duration boot_to_wall) {
  return BootTime(FromProto(t).time_since_epoch() - boot_to_wall);
}
Duration BootToWallOf(const SavedState& s) { return s.at.time_since_epoch() - s.boot.time_since_epoch(); }

}  // namespace

Timestamp ToProto(WallTime t) { return TimeUtil::NanosecondsToTimestamp(t.time_since_epoch().count()); }

WallTime FromProto(const Timestamp& t) {
  constexpr int64_t kMost = 9'000'000'000;  // seconds that fit 64 bits of nanoseconds
  const auto seconds = std::chrono::seconds(std::clamp<int64_t>(t.seconds(), 0, kMost));
  return WallTime(seconds + std::chrono::nanoseconds(std::clamp(t.nanos(), 0, 999'999'999)));
}

v1::Drain ToProto(const DrainOverride& d, Duration boot_to_wall) {
  v1::Drain out;
  out.set_reason(d.reason);
  out.set_by(d.by);
  *out.mutable_since() = Stamp(d.since, boot_to_wall);
  return out;
}

v1::StateOverride ToProto(const StateOverride& f, Duration boot_to_wall) {
  v1::StateOverride out;
  out.set_state(ToProto(f.state));
  out.set_reason(f.reason);
  out.set_by(f.by);
  *out.mutable_since() = Stamp(f.since, boot_to_wall);
  *out.mutable_until() = Stamp(f.until, boot_to_wall);
  return out;
}

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
  return out;
}

std::optional<State> StateFromProto(v1::State s) {
  const auto* const found =
      std::find_if(std::begin(kStates), std::end(kStates), [&](State known) { return ToProto(known) == s; });
  if (found == std::end(kStates)) return std::nullopt;
  return *found;
}

DrainOverride FromProto(const v1::Drain& d, Duration boot_to_wall) {
  return {d.reason(), d.by(), BootTimeOf(d.since(), boot_to_wall)};
}

std::optional<StateOverride> FromProto(const v1::StateOverride& f, Duration boot_to_wall) {
  const auto state = StateFromProto(f.state());
  if (!state || !IsOverrideState(*state)) return std::nullopt;
  return StateOverride{*state, f.reason(), f.by(), BootTimeOf(f.since(), boot_to_wall),
                       BootTimeOf(f.until(), boot_to_wall)};
}

std::optional<Transition> FromProto(const v1::Transition& t) {
  const auto before = StateFromProto(t.before());
  const auto state = StateFromProto(t.state());
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
  out.self = AnswerFromProto(t.self());
  out.blindness_code = t.blindness_code();
  out.action = t.action();
  out.by = t.by();
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
  if (!s.baseline.empty()) *out.mutable_baseline_at() = Stamp(s.baseline_at, boot_to_wall);
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
  // Seconds and nanoseconds of a Timestamp, clamped alike: a damaged number must not overflow.
  Timestamp since_boot;
  since_boot.set_seconds(in.saved_since_boot().seconds());
  since_boot.set_nanos(in.saved_since_boot().nanos());
  s.boot = BootTime(FromProto(since_boot).time_since_epoch());
  const Duration boot_to_wall = BootToWallOf(s);
  s.baseline = in.baseline();
  s.baseline_at = BootTimeOf(in.baseline_at(), boot_to_wall);
  if (in.has_drain()) s.overrides.drain = FromProto(in.drain(), boot_to_wall);
  if (in.has_state_override()) s.overrides.state_override = FromProto(in.state_override(), boot_to_wall);
  for (const v1::Transition& t : in.transitions()) {
    if (auto known = FromProto(t)) s.transitions.push_back(std::move(*known));
  }
  return s;
}

}  // namespace candor
