// SPDX-License-Identifier: Apache-2.0
#include "cli/render/enum_names.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace candor::cli {
namespace {

template <class E>
struct EnumRow {
  E value;
  const char* word;
  Hue hue;
};

constexpr std::array<EnumRow<pb::State>, 7> kStates = {{
    {pb::UNKNOWN, "UNKNOWN", Hue::kBold},
    {pb::HEALTHY, "HEALTHY", Hue::kGreen},
    {pb::DEGRADED, "DEGRADED", Hue::kYellow},
    {pb::FAILING, "FAILING", Hue::kRed},
    {pb::PROBATION, "PROBATION", Hue::kYellow},
    {pb::DRAINING, "DRAINING", Hue::kMagenta},
    {pb::BLIND, "BLIND", Hue::kMagenta},
}};

constexpr std::array<EnumRow<pb::Phase>, 5> kPhases = {{
    {pb::OFFERED, "offered", Hue::kPlain},
    {pb::ANSWERED, "answered", Hue::kPlain},
    {pb::NOMINATED, "nominated", Hue::kPlain},
    {pb::SECURED, "secured", Hue::kPlain},
    {pb::ACTIVE, "active", Hue::kPlain},
}};

constexpr std::array<EnumRow<pb::WaitingOn>, 4> kWaitingOn = {{
    {pb::WAITING_ON_NONE, "none", Hue::kPlain},
    {pb::WAITING_ON_NODE, "node", Hue::kRed},
    {pb::WAITING_ON_PEER, "peer", Hue::kPlain},
    {pb::WAITING_ON_PATH, "path", Hue::kYellow},
}};

constexpr std::array<EnumRow<pb::Outcome>, 8> kOutcomes = {{
    {pb::PENDING, "pending", Hue::kPlain},
    {pb::BECAME_ACTIVE, "active", Hue::kGreen},
    {pb::STALLED, "stalled", Hue::kRed},
    {pb::LEFT, "left", Hue::kPlain},
    {pb::REFUSED, "refused", Hue::kPlain},
    {pb::EARLY_DROP, "early_drop", Hue::kRed},
    {pb::UNANSWERED, "unanswered", Hue::kYellow},
    {pb::REPLACED, "replaced", Hue::kPlain},
}};

constexpr std::array<EnumRow<pb::SelfReport::Answer>, 5> kSelf = {{
    {pb::SelfReport::NOT_CONFIGURED, "none", Hue::kPlain},
    {pb::SelfReport::OK, "OK", Hue::kGreen},
    {pb::SelfReport::DOWN, "DOWN", Hue::kRed},
    {pb::SelfReport::UNREACHABLE, "UNREACHABLE", Hue::kRed},
    {pb::SelfReport::NOT_CHECKED_YET, "not asked yet", Hue::kPlain},
}};

template <class Rows, class E>
std::string WordOf(const Rows& rows, E value) {
  for (const auto& row : rows) {
    if (row.value == value) return row.word;
  }
  return "?" + std::to_string(static_cast<int>(value));
}

template <class Rows, class E>
Hue HueOf(const Rows& rows, E value) {
  for (const auto& row : rows) {
    if (row.value == value) return row.hue;
  }
  return Hue::kPlain;
}

bool SameWord(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

template <class E, size_t N>
std::optional<E> ValueOf(const std::array<EnumRow<E>, N>& rows, std::string_view word) {
  for (const auto& row : rows) {
    if (SameWord(row.word, word)) return row.value;
  }
  return std::nullopt;
}

template <class Rows>
std::vector<std::string> WordsOf(const Rows& rows) {
  std::vector<std::string> words;
  for (const auto& row : rows) words.emplace_back(row.word);
  return words;
}

}  // namespace

std::string StateName(pb::State s) { return WordOf(kStates, s); }
Hue StateHue(pb::State s) { return HueOf(kStates, s); }
std::string ServingName(bool serving) { return serving ? "SERVING" : "NOT SERVING"; }
Hue ServingHue(bool serving) { return serving ? Hue::kGreen : Hue::kRed; }
std::string PhaseName(pb::Phase p) { return p == pb::PHASE_UNSPECIFIED ? "-" : WordOf(kPhases, p); }
std::string WaitingOnName(pb::WaitingOn o) { return o == pb::WAITING_ON_NONE ? "-" : WordOf(kWaitingOn, o); }
Hue WaitingOnHue(pb::WaitingOn o) { return HueOf(kWaitingOn, o); }
std::string OutcomeName(pb::Outcome o) { return WordOf(kOutcomes, o); }
Hue OutcomeHue(pb::Outcome o) { return HueOf(kOutcomes, o); }
std::string SelfReportName(pb::SelfReport::Answer a) {
  return a == pb::SelfReport::ANSWER_UNSPECIFIED ? "none" : WordOf(kSelf, a);
}

std::optional<pb::State> ParseState(std::string_view word) { return ValueOf(kStates, word); }
std::optional<pb::Outcome> ParseOutcome(std::string_view word) { return ValueOf(kOutcomes, word); }
std::optional<pb::WaitingOn> ParseWaitingOn(std::string_view word) { return ValueOf(kWaitingOn, word); }
std::vector<std::string> StateWords() { return WordsOf(kStates); }
std::vector<std::string> OutcomeWords() { return WordsOf(kOutcomes); }
std::vector<std::string> WaitingOnWords() { return WordsOf(kWaitingOn); }

}  // namespace candor::cli
