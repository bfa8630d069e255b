// SPDX-License-Identifier: Apache-2.0
#include "serve/to_proto_values.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <array>

namespace candor {
namespace {

using google::protobuf::Timestamp;
using google::protobuf::util::TimeUtil;

// The proto values of each enum, in its order.
constexpr std::array kStates = {v1::UNKNOWN,   v1::HEALTHY,  v1::DEGRADED, v1::FAILING,
                                v1::PROBATION, v1::DRAINING, v1::BLIND};
constexpr std::array kPhases = {v1::PHASE_UNSPECIFIED, v1::OFFERED, v1::ANSWERED,
                                v1::NOMINATED,         v1::SECURED, v1::ACTIVE};
constexpr std::array kWaitingOn = {v1::WAITING_ON_NONE, v1::WAITING_ON_NODE, v1::WAITING_ON_PEER,
                                   v1::WAITING_ON_PATH};
constexpr std::array kOutcomes = {v1::PENDING, v1::BECAME_ACTIVE, v1::STALLED,    v1::LEFT,
                                  v1::REFUSED, v1::EARLY_DROP,    v1::UNANSWERED, v1::REPLACED};
constexpr std::array kAnswers = {v1::SelfReport::NOT_CONFIGURED, v1::SelfReport::NOT_CHECKED_YET,
                                 v1::SelfReport::OK, v1::SelfReport::DOWN, v1::SelfReport::UNREACHABLE};

// 0 for a value beyond the enum.
template <class Proto, size_t N, class Enum>
Proto At(const std::array<Proto, N>& all, Enum value) {
  const auto i = static_cast<size_t>(value);
  return i < N ? all[i] : Proto{};
}
template <class Enum, class Proto, size_t N>
std::optional<Enum> Find(const std::array<Proto, N>& all, Proto value) {
  const auto found = std::find(all.begin(), all.end(), value);
  if (found == all.end()) return std::nullopt;
  return static_cast<Enum>(found - all.begin());
}

}  // namespace

v1::State ToProto(State s) { return At(kStates, s); }
v1::Phase ToProto(Phase p) { return At(kPhases, p); }
v1::WaitingOn ToProto(WaitingOn w) { return At(kWaitingOn, w); }
v1::Outcome ToProto(Outcome o) { return At(kOutcomes, o); }
v1::SelfReport::Answer ToProto(SelfAnswer a) { return At(kAnswers, a); }

std::optional<State> FromProto(v1::State s) { return Find<State>(kStates, s); }
std::optional<SelfAnswer> FromProto(v1::SelfReport::Answer a) { return Find<SelfAnswer>(kAnswers, a); }

Timestamp ToProto(WallTime t) { return TimeUtil::NanosecondsToTimestamp(t.time_since_epoch().count()); }

WallTime FromProto(const Timestamp& t) {
  constexpr int64_t kMaxSeconds = 9'000'000'000;  // seconds that fit 64 bits of nanoseconds
  const auto seconds = std::chrono::seconds(std::clamp<int64_t>(t.seconds(), 0, kMaxSeconds));
  return WallTime(seconds + std::chrono::nanoseconds(std::clamp(t.nanos(), 0, 999'999'999)));
}

Timestamp ToProto(BootTime t, Duration boot_to_wall) {
  return ToProto(WallTime(t.time_since_epoch() + boot_to_wall));
}
BootTime BootTimeFromProto(const Timestamp& t, Duration boot_to_wall) {
  return BootTime(FromProto(t).time_since_epoch() - boot_to_wall);
}

v1::Drain ToProto(const DrainOverride& d, Duration boot_to_wall) {
  v1::Drain out;
  out.set_reason(d.reason);
  out.set_by(d.by);
  *out.mutable_since() = ToProto(d.since, boot_to_wall);
  return out;
}

v1::StateOverride ToProto(const StateOverride& o, Duration boot_to_wall) {
  v1::StateOverride out;
  out.set_state(ToProto(o.state));
  out.set_reason(o.reason);
  out.set_by(o.by);
  *out.mutable_since() = ToProto(o.since, boot_to_wall);
  *out.mutable_until() = ToProto(o.until, boot_to_wall);
  return out;
}

DrainOverride FromProto(const v1::Drain& d, Duration boot_to_wall) {
  return {d.reason(), d.by(), BootTimeFromProto(d.since(), boot_to_wall)};
}

std::optional<StateOverride> FromProto(const v1::StateOverride& o, Duration boot_to_wall) {
  const auto state = FromProto(o.state());
  if (!state || !IsOverrideState(*state)) return std::nullopt;
  return StateOverride{*state, o.reason(), o.by(), BootTimeFromProto(o.since(), boot_to_wall),
                       BootTimeFromProto(o.until(), boot_to_wall)};
}

}  // namespace candor
