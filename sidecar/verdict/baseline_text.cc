// SPDX-License-Identifier: Apache-2.0
#include "verdict/baseline_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "base/fnv1a.h"

namespace candor {
namespace {

constexpr std::string_view kHeader = "candor-baseline 2";

template <size_t n>
std::string Bins(const std::array<double, n>& weights) {
  std::string out;
  for (size_t i = 0; i < n; ++i) {
    if (weights[i] > 0) out += fmt::format(" {}:{}", i, weights[i]);
  }
  return out;
}

std::string Share(std::string_view what, std::string_view of, const BaselineFailureRate::Sums& s) {
  return fmt::format("{} {} {} {} {} {}\n", what, of, s.n, s.failed, s.week_n, s.week_failed);
}

std::string Media(const MediaBaseline::State& media) {
  std::string out;
  for (size_t i = 0; i < kMediaKinds; ++i) {
    const std::string_view name = kMediaTraits[i].name;
    if (media[i].missing.week_n <= 0) continue;
    out += Share("media", name, media[i].missing);
    out += fmt::format("media_time {}{}\n", name, Bins(media[i].times));
  }
  return out;
}

std::string Arrivals(const ArrivalGaps::Saved& a) {
  if (a.gaps <= 0 && a.per_second <= 0) return "";
  std::string out = fmt::format("arrivals {} {} {}", a.gaps, a.long_gaps, a.excess);
  if (a.per_second > 0) out += fmt::format(" {} {}", a.per_second, Seconds(a.since_last));
  out += "\n";
  if (a.past.empty()) return out;
  out += "ceased";
  for (const ArrivalGaps::Past& p : a.past) out += fmt::format(" {}:{}", Seconds(p.age), p.expected);
  return out + "\n";
}

std::string Sessions(const std::vector<JoinsDetector::Saved>& ports) {
  std::string out;
  for (const auto& [port, s] : ports) {
    out += fmt::format("sessions {} {} {} {} {} {} {}\n", port, s.n, s.mean_a, s.mean_b, s.var_a, s.var_b,
                       s.cov);
  }
  return out;
}

std::string Unanswered(const UnansweredDetector::Learned& l) {
  const auto successes = [](const BaselineSuccesses::Learned& s) {
    return fmt::format("{} {} {} {}", s.successes, s.offered, s.seconds, s.dispersion);
  };
  std::string out;
  if (l.successes && l.successes->seconds > 0) out += fmt::format("successes {}\n", successes(*l.successes));
  if (l.lost && l.lost->successes.seconds > 0) {
    out +=
        fmt::format("lost {} {} {}\n", successes(l.lost->successes), l.lost->per_second, l.lost->dispersion);
  }
  return out;
}

std::vector<std::string_view> Split(std::string_view text, char by) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto end = std::min(text.find(by), text.size());
    if (end > 0) out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// Finite and not negative.
bool Number(std::string_view text, double* out) {
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return ec == std::errc() && end == text.data() + text.size() && std::isfinite(*out) && *out >= 0;
}

bool ReadSums(const std::vector<std::string_view>& words, BaselineFailureRate::Sums* sums) {
  return Number(words[2], &sums->n) && Number(words[3], &sums->failed) && Number(words[4], &sums->week_n) &&
         Number(words[5], &sums->week_failed) && sums->failed <= sums->n && sums->week_failed <= sums->week_n;
}

bool ReadShare(const std::vector<std::string_view>& words, SavedBaseline* out, uint32_t* seen) {
  if (words.size() != 6) return false;
  for (size_t i = 0; i < SocketDetectors::kLosses; ++i) {
    if (words[1] == SocketDetectors::kNames.at(i)) return ReadSums(words, &out->sockets.at(i));
  }
  for (const Detector d : kAllDetectors) {
    if (words[1] != Name(d)) continue;
    *seen |= 1u << Index(d);
    return ReadSums(words, &out->state.shares[Index(d)]);
  }
  return false;
}

template <size_t n>
bool ReadBins(const std::vector<std::string_view>& words, std::array<double, n>* out, size_t first = 1) {
  for (size_t i = first; i < words.size(); ++i) {
    const auto colon = words[i].find(':');
    if (colon == std::string_view::npos) return false;
    double bin = 0, weight = 0;
    if (!Number(words[i].substr(0, colon), &bin) || !Number(words[i].substr(colon + 1), &weight))
      return false;
    if (bin != std::floor(bin) || bin >= static_cast<double>(n)) return false;
    (*out)[static_cast<size_t>(bin)] = weight;
  }
  return true;
}

bool ReadMedia(const std::vector<std::string_view>& words, SavedBaseline* out) {
  for (size_t i = 0; i < kMediaKinds; ++i) {
    if (words.size() < 2 || words[1] != kMediaTraits[i].name) continue;
    MediaBaseline::Kept& kept = out->media[i];
    if (words[0] == "media_time") return ReadBins(words, &kept.times, 2);
    return words.size() == 6 && ReadSums(words, &kept.missing);
  }
  return false;
}

bool ReadCeased(const std::vector<std::string_view>& words, SavedBaseline* out) {
  for (size_t i = 1; i < words.size() && i <= ArrivalGaps::kMostPast; ++i) {
    const auto colon = words[i].find(':');
    if (colon == std::string_view::npos) return false;
    double ago = 0, expected = 0;
    if (!Number(words[i].substr(0, colon), &ago) || !Number(words[i].substr(colon + 1), &expected))
      return false;
    out->arrivals.past.push_back({FromSeconds(std::min(ago, 1e9)), expected});
  }
  return true;
}

bool ReadArrivals(const std::vector<std::string_view>& words, SavedBaseline* out) {
  ArrivalGaps::Saved& a = out->arrivals;
  if ((words.size() != 4 && words.size() != 6) || !Number(words[1], &a.gaps) ||
      !Number(words[2], &a.long_gaps) || !Number(words[3], &a.excess))
    return false;
  if (words.size() == 4) return true;
  double since_last = 0;
  if (!Number(words[4], &a.per_second) || !Number(words[5], &since_last)) return false;
  a.since_last = FromSeconds(std::min(since_last, 1e9));
  return true;
}

bool ReadSessions(const std::vector<std::string_view>& words, SavedBaseline* out) {
  JoinsDetector::Saved s;
  double port = 0;
  if (words.size() != 8 || !Number(words[1], &port) || port != std::floor(port) || port > 65535) return false;
  s.port = static_cast<uint16_t>(port);
  const std::array fields = {&s.sums.n,     &s.sums.mean_a, &s.sums.mean_b,
                             &s.sums.var_a, &s.sums.var_b,  &s.sums.cov};
  for (size_t i = 0; i < fields.size(); ++i) {
    if (!Number(words[i + 2], fields[i])) return false;
  }
  if (!s.sums.Sensible() || out->sessions.size() >= JoinsDetector::kMostPorts) return false;
  out->sessions.push_back(s);
  return true;
}

bool ReadSuccesses(const std::vector<std::string_view>& words, BaselineSuccesses::Learned* s) {
  return Number(words[1], &s->successes) && Number(words[2], &s->offered) && Number(words[3], &s->seconds) &&
         Number(words[4], &s->dispersion) && s->Sensible();
}

bool ReadUnanswered(const std::vector<std::string_view>& words, UnansweredDetector::Learned* out) {
  if (words[0] == "successes") return words.size() == 5 && ReadSuccesses(words, &out->successes.emplace());
  LostAttempts::Learned& lost = out->lost.emplace();
  return words.size() == 7 && ReadSuccesses(words, &lost.successes) && Number(words[5], &lost.per_second) &&
         Number(words[6], &lost.dispersion) && lost.Sensible();
}

bool ReadLine(const std::vector<std::string_view>& words, SavedBaseline* out, uint32_t* shares) {
  if (words.empty()) return false;
  if (words[0] == "rate") return words.size() == 2 && Number(words[1], &out->per_second);
  if (words[0] == "share") return ReadShare(words, out, shares);
  if (words[0] == "setup") return ReadBins(words, &out->state.setup);
  if (words[0] == "acknowledgement") return ReadBins(words, &out->state.acknowledgement);
  if (words[0] == "runs") return ReadBins(words, &out->runs);
  if (words[0] == "media" || words[0] == "media_time") return ReadMedia(words, out);
  if (words[0] == "arrivals") return ReadArrivals(words, out);
  if (words[0] == "ceased") return ReadCeased(words, out);
  if (words[0] == "sessions") return ReadSessions(words, out);
  if (words[0] == "successes" || words[0] == "lost") return ReadUnanswered(words, &out->unanswered);
  if (words[0] == "alarm") return (out->alarm = ParseAlarm(words)).has_value();
  if (words[0] == "cause" && out->alarm) {
    auto cause = ParseCause(words);
    if (cause) out->alarm->figures.cause = std::move(*cause);
    return cause.has_value();
  }
  return false;
}

}  // namespace

std::string ToText(const SavedBaseline& saved) {
  std::string out = fmt::format("{}\nrate {}\n", kHeader, saved.per_second);
  for (const Detector d : kAllDetectors) out += Share("share", Name(d), saved.state.shares[Index(d)]);
  for (size_t i = 0; i < SocketDetectors::kLosses; ++i) {
    if (saved.sockets.at(i).n > 0) out += Share("share", SocketDetectors::kNames.at(i), saved.sockets.at(i));
  }
  out += "setup" + Bins(saved.state.setup) + "\nacknowledgement" + Bins(saved.state.acknowledgement) + "\n";
  out += "runs" + Bins(saved.runs) + "\n";
  out += Media(saved.media);
  out += Arrivals(saved.arrivals);
  out += Sessions(saved.sessions);
  out += Unanswered(saved.unanswered);
  if (saved.alarm) out += ToLine(*saved.alarm);
  return out + fmt::format("check {:016x}\n", Fnv1a64(out));
}

Result<SavedBaseline> ParseBaseline(std::string_view text) {
  const auto check = text.rfind("check ");
  if (check == std::string_view::npos) return Fail("saved baseline: cut off, its last line is missing");
  const std::string_view body = text.substr(0, check);
  if (text.substr(check) != fmt::format("check {:016x}\n", Fnv1a64(body))) {
    return Fail("saved baseline: damaged, its checksum does not match");
  }
  const auto lines = Split(body, '\n');
  if (lines.empty() || lines[0] != kHeader) return Fail("saved baseline: not of version 2");
  SavedBaseline out;
  uint32_t shares = 0;
  for (size_t i = 1; i < lines.size(); ++i) {
    if (!ReadLine(Split(lines[i], ' '), &out, &shares)) {
      return Fail(fmt::format("saved baseline: line {} makes no sense", i + 1));
    }
  }
  if (shares != (1u << kDetectors) - 1) return Fail("saved baseline: a detector is missing");
  return out;
}

}  // namespace candor
