// SPDX-License-Identifier: Apache-2.0
#include "config/codec.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/duration_text.h"

namespace candor::config {
namespace {

template <class E>
using Words = std::initializer_list<std::pair<std::string_view, E>>;
const Words<BlindPolicy> kBlindPolicies = {{"follow_self", BlindPolicy::kFollowSelf},
                                           {"not_serving", BlindPolicy::kNotServing}};
const Words<PushFrom> kPushFroms = {
    {"off", PushFrom::kOff}, {"unix", PushFrom::kUnix}, {"loopback", PushFrom::kLoopback}};
const Words<bool> kBooleans = {{"true", true}, {"false", false}};
const Words<LogLevel> kLogLevels = {{"trace", LogLevel::kTrace}, {"debug", LogLevel::kDebug},
                                    {"info", LogLevel::kInfo},   {"warn", LogLevel::kWarn},
                                    {"error", LogLevel::kError}, {"off", LogLevel::kOff}};

const Words<NodeVerdictRule> kNodeVerdictRules = {{"worst_by_share", NodeVerdictRule::kWorstByShare},
                                                  {"worst", NodeVerdictRule::kWorst},
                                                  {"named", NodeVerdictRule::kNamed}};

const Words<steer::Rooms> kRooms = {{"new", steer::Rooms::kNew}, {"all", steer::Rooms::kAll}};
const Words<steer::Scope> kScopes = {{"region", steer::Scope::kRegion}, {"cluster", steer::Scope::kCluster}};

tl::unexpected<Error> Expected(std::string_view what, std::string_view text) {
  return Fail(fmt::format("expected {}, not '{}'", what, text));
}

template <class T>
Result<void> Number(std::string_view text, std::string_view what, T& out) {
  T value{};
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc() || end != text.data() + text.size() || text.empty()) return Expected(what, text);
  out = value;
  return {};
}

template <class E>
Result<void> Word(std::string_view text, const Words<E>& words, E& out) {
  std::string all;
  for (const auto& [word, value] : words) {
    if (word == text) {
      out = value;
      return {};
    }
    all += (all.empty() ? "" : " | ") + std::string(word);
  }
  return Expected(all, text);
}

template <class E>
std::string WordOf(E value, const Words<E>& words) {
  for (const auto& [word, v] : words) {
    if (v == value) return std::string(word);
  }
  return {};
}

}  // namespace

Result<void> Decode(std::string_view text, Duration& out) {
  const auto parsed = ParseDuration(text);
  if (!parsed) return Expected("a duration like 500ms, 2s or 10m", text);
  out = *parsed;
  return {};
}

Result<void> Decode(std::string_view text, double& out) {
  double value = 0;
  auto done = Number(text, "a number", value);
  if (done && !std::isfinite(value)) return Expected("a finite number", text);
  if (done) out = value;
  return done;
}

Result<void> Decode(std::string_view text, bool& out) { return Word(text, kBooleans, out); }
Result<void> Decode(std::string_view text, int& out) { return Number(text, "a whole number", out); }
Result<void> Decode(std::string_view text, uint32_t& out) {
  return Number(text, "a whole number from 0 to 4294967295", out);
}
Result<void> Decode(std::string_view text, uint64_t& out) {
  return Number(text, "a whole number, 0 or more", out);
}

Result<void> Decode(std::string_view text, std::string& out) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(text.begin(), text.end(), control)) return Fail("expected text without control characters");
  out = text;
  return {};
}

Result<void> Decode(std::string_view text, IpPrefix& out) {
  auto prefix = IpPrefix::Parse(text);
  if (!prefix) return tl::make_unexpected(prefix.error());
  out = *prefix;
  return {};
}

Result<void> Decode(std::string_view text, PortRange& out) {
  const auto range = ParsePortRange(text);
  if (!range) {
    return Expected(
        range.error().reversed ? "ports with the lower one first" : "ports like 20000-30000, within 0-65535",
        text);
  }
  out = *range;
  return {};
}

Result<void> Decode(std::string_view text, SourceChoice& out) {
  constexpr std::string_view kPcap = "pcap:";
  if (text == "auto" || text == "bpf") {
    out = SourceChoice{text == "bpf" ? SourceChoice::Kind::kBpf : SourceChoice::Kind::kAuto, "any"};
    return {};
  }
  if (!text.starts_with(kPcap) || text.size() == kPcap.size()) {
    return Expected("auto | bpf | pcap:IFACE", text);
  }
  SourceChoice choice{SourceChoice::Kind::kPcap, {}};
  if (auto name = Decode(text.substr(kPcap.size()), choice.interface); !name) return name;
  out = choice;
  return {};
}

Result<void> Decode(std::string_view text, BlindPolicy& out) { return Word(text, kBlindPolicies, out); }
Result<void> Decode(std::string_view text, LogLevel& out) { return Word(text, kLogLevels, out); }
Result<void> Decode(std::string_view text, PushFrom& out) { return Word(text, kPushFroms, out); }
Result<void> Decode(std::string_view text, Role& out) {
  const auto role = RoleNamed(text);
  if (!role) return Expected(std::string(kRoleChoices), text);
  out = *role;
  return {};
}
Result<void> Decode(std::string_view text, NodeVerdictRule& out) {
  return Word(text, kNodeVerdictRules, out);
}
Result<void> Decode(std::string_view text, steer::Rooms& out) { return Word(text, kRooms, out); }
Result<void> Decode(std::string_view text, steer::Scope& out) { return Word(text, kScopes, out); }

std::string Encode(Duration v) { return DurationText(v); }
std::string Encode(double v) { return fmt::format("{}", v); }
std::string Encode(bool v) { return WordOf(v, kBooleans); }
std::string Encode(int v) { return std::to_string(v); }
std::string Encode(uint32_t v) { return std::to_string(v); }
std::string Encode(uint64_t v) { return std::to_string(v); }
std::string Encode(const std::string& v) { return v; }
std::string Encode(const IpPrefix& v) { return v.ToString(); }
std::string Encode(const PortRange& v) { return fmt::format("{}-{}", v.min, v.max); }
std::string Encode(const SourceChoice& v) {
  if (v.kind == SourceChoice::Kind::kPcap) return "pcap:" + v.interface;
  return v.kind == SourceChoice::Kind::kBpf ? "bpf" : "auto";
}
std::string Encode(BlindPolicy v) { return WordOf(v, kBlindPolicies); }
std::string Encode(LogLevel v) { return WordOf(v, kLogLevels); }
std::string Encode(PushFrom v) { return WordOf(v, kPushFroms); }
std::string Encode(Role v) { return std::string(Name(v)); }
std::string Encode(steer::Rooms v) { return WordOf(v, kRooms); }
std::string Encode(steer::Scope v) { return WordOf(v, kScopes); }
std::string Encode(NodeVerdictRule v) { return WordOf(v, kNodeVerdictRules); }

}  // namespace candor::config
