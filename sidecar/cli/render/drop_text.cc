// SPDX-License-Identifier: Apache-2.0
#include "cli/render/drop_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "cli/render/text.h"

namespace candor::cli {
namespace {

namespace pb = candor::v1;

constexpr std::chrono::minutes kRecent{1};
constexpr std::chrono::seconds kAtOnce{5};  // reasons that grow within so long grow together

// Most datagrams first.
std::vector<const pb::DropReason*> Sorted(const pb::DropEvidence& drops) {
  std::vector<const pb::DropReason*> all;
  for (const pb::DropReason& r : drops.reasons()) all.push_back(&r);
  std::stable_sort(all.begin(), all.end(),
                   [](const auto* a, const auto* b) { return a->datagrams() > b->datagrams(); });
  return all;
}

// "netfilter, out"
std::string NameOf(const pb::DropReason& r) { return Printable(r.name()) + ", " + Printable(r.direction()); }

// Of those that still grow, or did at last, the one with most datagrams; null: none does.
const pb::DropReason* TopNow(const pb::DropEvidence& drops, WallTime now) {
  WallTime newest = now - kRecent;
  for (const pb::DropReason& r : drops.reasons()) {
    if (r.has_last()) newest = std::max(newest, FromProto(r.last()));
  }
  for (const pb::DropReason* r : Sorted(drops)) {
    if (r->has_last() && FromProto(r->last()) > newest - kAtOnce && FromProto(r->last()) > now - kRecent)
      return r;
  }
  return nullptr;
}

// What this kernel leaves unsaid; empty: nothing.
std::string Unreported(const pb::DropEvidence& drops) {
  std::string out;
  if (drops.unattributed() > 0) {
    out += fmt::format("; of {} more the kernel did not tell in which network namespace",
                       Thousands(drops.unattributed()));
  }
  if (drops.unreported_size() == 0) return out;
  std::vector<std::string> names;
  for (const std::string& name : drops.unreported()) names.push_back(Printable(name));
  return out + fmt::format("; this kernel does not tell of {}", fmt::join(names, ", "));
}

}  // namespace

std::string DropLines(const pb::DropEvidence& drops, WallTime now) {
  if (!drops.unavailable().empty()) {
    return Paragraph("No reasons for drops: " + Printable(drops.unavailable()) + ".", 2);
  }
  std::string out;
  for (const pb::DropReason* r : Sorted(drops)) {
    if (out.empty()) out = "  Why, in the kernel's words, since start:\n";
    out += Paragraph(fmt::format("{}: {}, last {} ago: {}.", NameOf(*r), Thousands(r->datagrams()),
                                 r->has_last() ? Age(now - FromProto(r->last())) : "an unknown time",
                                 Printable(r->help())),
                     4);
  }
  if (const pb::DropReason* top = TopNow(drops, now)) {
    out += Paragraph(fmt::format("Against {}: {}.", NameOf(*top), Printable(top->remediation())), 2);
  }
  return out;
}

std::string DropSummary(const pb::DropEvidence& drops) {
  uint64_t all = 0;
  for (const pb::DropReason& r : drops.reasons()) all += r.datagrams();
  std::string out = Counted(all, "datagram");
  if (const auto sorted = Sorted(drops); !sorted.empty()) {
    out += fmt::format(", most of them {} ({})", NameOf(*sorted.front()),
                       Thousands(sorted.front()->datagrams()));
  }
  return out + Unreported(drops);
}

}  // namespace candor::cli
