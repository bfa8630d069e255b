// SPDX-License-Identifier: Apache-2.0
#include "verdict/saved_alarm.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "verdict/cause_codes.h"

namespace candor {
namespace {

constexpr size_t kNames = 3;     // "alarm", state, detector
constexpr size_t kNumbers = 18;  // as in the header, in order
constexpr size_t kDroppedWords = 4;
constexpr double kLargest = 1e15;  // smaller counts and times are exact

using Numbers = std::array<double, kNumbers>;

std::optional<Numbers> ReadNumbers(const std::vector<std::string_view>& words) {
  Numbers out{};
  for (size_t i = 0; i < kNumbers; ++i) {
    const std::string_view text = words[kNames + i];
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out[i]);
    const bool whole = ec == std::errc() && end == text.data() + text.size();
    if (!whole || !std::isfinite(out[i]) || out[i] < 0 || out[i] > kLargest) return std::nullopt;
  }
  return out;
}

// " netfilter in 943 943": the reason, the attempts with it and with any; nothing without one.
std::string DroppedText(const DroppedAttempts& d) {
  if (!d.reason) return "";
  return fmt::format(" {} {} {}", Text(d.reason), d.of_reason, d.attempts);
}

bool ReadDropped(const std::vector<std::string_view>& words, Verdict* v) {
  constexpr size_t kAt = kNames + kNumbers;
  const auto reason = ParseLostReason(fmt::format("{} {}", words[kAt], words[kAt + 1]));
  const auto count = [&](size_t i, uint64_t* n) {
    const auto [end, ec] = std::from_chars(words[i].data(), words[i].data() + words[i].size(), *n);
    return ec == std::errc() && end == words[i].data() + words[i].size() && *n <= v->failed;
  };
  if (!reason) return false;
  v->dropped.reason = *reason;
  return count(kAt + 2, &v->dropped.of_reason) && count(kAt + 3, &v->dropped.attempts) &&
         v->dropped.of_reason <= v->dropped.attempts;
}

// The first of `all` with this name.
template <class Named>
auto Find(std::string_view name, const Named& all) -> std::optional<typename Named::value_type> {
  const auto found = std::find_if(all.begin(), all.end(), [&](auto x) { return Name(x) == name; });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

Duration OfSeconds(double s) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(std::min(s, 1e9)));
}

int How(const SavedAlarm& a) {
  if (a.partly) return 3;
  if (a.joins) return 4;
  if (a.fault) return 5;
  if (!a.by_ack_rate) return 0;
  return a.sending == Sending::kYes ? 1 : 2;
}

void Take(const Numbers& n, SavedAlarm* a) {
  a->by_ack_rate = n[0] == 1 || n[0] == 2;
  a->partly = n[0] == 3;
  a->joins = n[0] == 4;
  a->fault = n[0] == 5;
  a->sending = n[0] == 0 ? Sending::kNo : n[0] == 1 ? Sending::kYes : Sending::kUnknown;
  Verdict& v = a->figures;
  v.severity = n[1];
  v.score = n[2];
  v.threshold = n[3];
  v.baseline_failure_rate = n[4];
  v.counted = static_cast<uint64_t>(n[5]);
  v.failed = static_cast<uint64_t>(n[6]);
  v.networks = static_cast<uint64_t>(n[7]);
  v.window = OfSeconds(n[8]);
  for (size_t i = 0; i < v.waiting_on.size(); ++i) v.waiting_on[i] = static_cast<uint64_t>(n[9 + i]);
  v.stuck_phase = static_cast<Phase>(n[13]);
  a->health.since = OfSeconds(n[14]);
  a->health.failing = OfSeconds(n[15]);
  a->health.hold = OfSeconds(n[16]);
  a->health.failed_probations = static_cast<int>(std::min(n[17], 1e6));
}

std::string Encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '\n') {
      out += "%20";
    } else if (c == '%') {
      out += "%25";
    } else {
      out += c;
    }
  }
  return out;
}

std::string Decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const std::string_view code = text.substr(i, 3);
    out += code == "%20" ? ' ' : text[i];
    if (code == "%20" || code == "%25") i += 2;
  }
  return out;
}

}  // namespace

std::string ToLine(const SavedAlarm& a) {
  const Verdict& v = a.figures;
  std::string out = fmt::format(
      "alarm {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {}{}\n", Name(a.health.state),
      Name(a.detector), How(a), v.severity, v.score, v.threshold, v.baseline_failure_rate, v.counted,
      v.failed, v.networks, Seconds(v.window), v.waiting_on[0], v.waiting_on[1], v.waiting_on[2],
      v.waiting_on[3], static_cast<int>(v.stuck_phase), Seconds(a.health.since), Seconds(a.health.failing),
      Seconds(a.health.hold), a.health.failed_probations, DroppedText(v.dropped));
  const Cause& cause = v.cause;
  if (cause.empty()) return out;
  return out + fmt::format("cause {} {} {}\n", cause.code.empty() ? "-" : cause.code, cause.measured ? 1 : 0,
                           Encoded(cause.text));
}

std::optional<Cause> ParseCause(const std::vector<std::string_view>& words) {
  if (words.size() != 4 || (words[2] != "0" && words[2] != "1")) return std::nullopt;
  Cause cause;
  const CauseCode code = CauseCodeOf(words[1]);
  if (words[1] != "-" && code == CauseCode::kNone) return std::nullopt;
  cause.code = std::string(Name(code));
  cause.measured = words[2] == "1";
  cause.text = Decoded(words[3]);
  cause.remediation = std::string(RemediationOf(code));
  return cause;
}

std::optional<SavedAlarm> ParseAlarm(const std::vector<std::string_view>& words) {
  const bool dropped = words.size() == kNames + kNumbers + kDroppedWords;
  if (words.size() != kNames + kNumbers && !dropped) return std::nullopt;
  const auto state = Find(words[1], std::array{State::kFailing, State::kProbation});
  auto detector = Find(words[2], kAllDetectors);
  if (!detector) detector = Find(words[2], kAllMediaDetectors);
  if (!detector) detector = Find(words[2], std::array{Detector::kCallsMuted, Detector::kMediaNotReceived});
  const auto numbers = ReadNumbers(words);
  if (!state || !detector || !numbers) return std::nullopt;
  const double severity = (*numbers)[1], rate = (*numbers)[4], phase = (*numbers)[13];
  if (severity > 1 || rate > 1 || phase > static_cast<double>(Phase::kActive)) return std::nullopt;
  SavedAlarm a;
  a.health.state = *state;
  a.detector = *detector;
  Take(*numbers, &a);
  if (dropped && !ReadDropped(words, &a.figures)) return std::nullopt;
  return a;
}

}  // namespace candor
