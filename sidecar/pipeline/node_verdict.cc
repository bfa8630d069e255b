// SPDX-License-Identifier: Apache-2.0
#include "pipeline/node_verdict.h"

#include <fmt/format.h>

#include <algorithm>

namespace candor {
namespace {

enum Rank { kOtherUnknown, kWell, kCeased, kImpaired, kReturning, kDown };

Rank RankOf(const Verdict& v) {
  switch (v.state) {
    case State::kFailing:
      return kDown;
    case State::kProbation:
      return kReturning;
    case State::kDegraded:
      return kImpaired;
    case State::kHealthy:
      return kWell;
    case State::kUnknown:
      return v.reason == "attempts_ceased" ? kCeased : kOtherUnknown;
    case State::kDraining:
    case State::kBlind:
      break;  // not of a judge
  }
  return kOtherUnknown;
}

// The worst of those for which `which` holds; of equals the one with the largest share.
template <class Which>
const ServerOpinion* Worst(std::span<const ServerOpinion> servers, const Which& which) {
  const ServerOpinion* worst = nullptr;
  for (const ServerOpinion& s : servers) {
    if (!which(s)) continue;
    const Rank rank = RankOf(*s.verdict);
    const Rank so_far = worst != nullptr ? RankOf(*worst->verdict) : kOtherUnknown;
    if (worst == nullptr || rank > so_far || (rank == so_far && s.share > worst->share)) worst = &s;
  }
  return worst;
}

std::string Percent(double share) { return fmt::format("{:.0f} %", share * 100); }

Verdict OfMinor(const ServerOpinion& s) {
  Verdict v = *s.verdict;
  v.detail = fmt::format("server {}, which has {} of this node's attempts, is {} ({}): {}", s.name,
                         Percent(s.share), Name(v.state), v.reason, v.detail);
  v.state = State::kDegraded;
  v.reason = "server_failing";
  v.severity *= s.share;
  return v;
}

}  // namespace

Verdict CombineVerdicts(std::span<const ServerOpinion> servers, const Verdict* sockets, const Verdict& last) {
  const ServerOpinion* main = Worst(servers, [](const ServerOpinion& s) { return s.drives; });
  if (main == nullptr)
    main = &*std::max_element(servers.begin(), servers.end(),
                              [](const auto& a, const auto& b) { return a.share < b.share; });
  const ServerOpinion* minor = Worst(servers, [](const ServerOpinion& s) { return !s.drives; });
  Verdict v = main->drives || RankOf(*main->verdict) < kReturning ? *main->verdict : OfMinor(*main);
  if (v.reason != "server_failing") v.detail = fmt::format("server {}: {}", main->name, v.detail);
  if (RankOf(v) < kImpaired && minor != nullptr && RankOf(*minor->verdict) >= kReturning) v = OfMinor(*minor);
  if (sockets != nullptr) {
    if (RankOf(v) < kImpaired && sockets->state == State::kDegraded) v = *sockets;
    v.sockets = sockets->sockets;
  }
  v.ignored_retry = v.ignored_unacknowledged = v.ignored_capped = 0;
  for (const ServerOpinion& s : servers) {
    v.at = std::max(v.at, s.verdict->at);
    v.ignored_retry += s.verdict->ignored_retry;
    v.ignored_unacknowledged += s.verdict->ignored_unacknowledged;
    v.ignored_capped += s.verdict->ignored_capped;
  }
  if (v.state == last.state && last.since != Time{}) v.since = last.since;
  return v;
}

}  // namespace candor
