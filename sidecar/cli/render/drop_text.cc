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
constexpr std::chrono::seconds kTogether{5};  // reasons that grew within this grew together

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

// The reason with most datagrams among those that grew last; null: none grew recently.
const pb::DropReason* TopNow(const pb::DropEvidence& drops, WallTime now) {
  WallTime newest = now - kRecent;
  for (const pb::DropReason& r : drops.reasons()) {
    if (r.has_last()) newest = std::max(newest, FromProto(r.last()));
  }
  for (const pb::DropReason* r : Sorted(drops)) {
    if (r->has_last() && FromProto(r->last()) > newest - kTogether && FromProto(r->last()) > now - kRecent)
      return r;
  }
  return nullptr;
}

// What this kernel does not report, and what was not read; empty: nothing.
std::string Unreported(const pb::DropEvidence& drops) {
  std::string out;
  if (drops.unattributed() > 0) {
    out += fmt::format("; {} more in a network namespace that the kernel did not report",
                       Thousands(drops.unattributed()));
  }
  if (drops.lost_unread() > 0) {
    out += fmt::format("; the packets of {} were not read: too many came at once",
                       Counted(drops.lost_unread(), "drop"));
  }
  if (drops.lost_cut() > 0) {
    out += fmt::format("; of {} only a part could be read", Counted(drops.lost_cut(), "drop"));
  }
  if (drops.unreported_size() == 0) return out;
  std::vector<std::string> names;
  for (const std::string& name : drops.unreported()) names.push_back(Printable(name));
  return out + fmt::format("; this kernel does not report {}", fmt::join(names, ", "));
}

}  // namespace

std::string DropLines(const pb::DropEvidence& drops, WallTime now) {
  if (!drops.unavailable().empty()) {
    return Paragraph("No drop reasons: " + Printable(drops.unavailable()) + ".", 2);
  }
  std::string out;
  for (const pb::DropReason* r : Sorted(drops)) {
    if (out.empty()) out = "  Drop reasons of the kernel, since start:\n";
    out += Paragraph(fmt::format("{}: {}, last {} ago: {}.", NameOf(*r), Thousands(r->datagrams()),
                                 r->has_last() ? Age(now - FromProto(r->last())) : "an unknown time",
                                 Printable(r->help())),
                     4);
  }
  if (const pb::DropReason* top = TopNow(drops, now)) {
    out += Paragraph(fmt::format("Remediation for {}: {}.", NameOf(*top), Printable(top->remediation())), 2);
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
