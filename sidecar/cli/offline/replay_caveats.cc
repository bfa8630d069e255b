// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay_caveats.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr double kMuch = 0.1;  // of the packets
constexpr double kMost = 0.5;  // of the flows

// `what` begins with a noun in the plural, or with "UDP" and one.
std::string Counted(uint64_t n, std::string what) {
  const size_t noun = what.starts_with("UDP ") ? 4 : 0;
  const size_t end = what.find(' ', noun);
  if (n == 1 && end != std::string::npos && what[end - 1] == 's') what.erase(end - 1, 1);
  constexpr std::string_view kAre = " that are ";
  if (const size_t are = what.find(kAre); n == 1 && are != std::string::npos) {
    what.replace(are, kAre.size(), " that is ");
  }
  return Thousands(n) + " " + what;
}

class Rows {
 public:
  void Add(uint64_t n, const std::string& what) {
    if (n > 0) rows_ += "  " + Counted(n, what) + "\n";
  }
  const std::string& text() const { return rows_; }

 private:
  std::string rows_;
};

void AddPackets(const ReplayReport& r, Rows* rows) {
  const IntakeCounts& n = r.intake;
  rows->Add(n.not_of_node, "packets between other hosts than the node");
  rows->Add(n.not_ip, "packets that are not IP");
  rows->Add(n.cut, "packets cut before the end of their IP header");
  rows->Add(n.unknown_link, fmt::format("packets of link type {}, which is not read", r.unknown_link_type));
  rows->Add(n.within,
            "packets between two addresses of --node, each taken as sent by one and received by the other");
  rows->Add(n.copies,
            "packets of the node that were there already, inside another encapsulation or inside none");
  rows->Add(n.payload.none, "UDP packets of the node cut before their payload: tcpdump -s 200 or more");
  rows->Add(n.payload.cut, "UDP packets of the node cut within what is read of them: tcpdump -s 200 or more");
}

void AddStamps(const TimestampFaults& s, Rows* rows) {
  const auto first = [](const TimestampFault& f) { return fmt::format("(the first is packet {})", f.first); };
  rows->Add(s.late.count,
            fmt::format("packets older than one before them (by at most {:.3f} s), taken at that one's time",
                        Seconds(s.late.most)));
  rows->Add(
      s.invalid.count,
      fmt::format("packets whose time is none, such as 1,000,000 microseconds of a second {}: taken without "
                  "their fraction, or at the time of the one before",
                  first(s.invalid)));
  rows->Add(s.outliers.count,
            fmt::format("packets whose time is up to {} from all around them {}, taken at the time "
                        "of the one before",
                        Age(s.outliers.most), first(s.outliers)));
  rows->Add(
      s.clock_set_back.count,
      fmt::format(
          "times the clock was set back, by at most {} {}: all later times are shown as if it had not been",
          Age(s.clock_set_back.most), first(s.clock_set_back)));
  rows->Add(s.gaps.count, fmt::format("times the clock leaps ahead, by at most {} {}: taken for silence",
                                      Age(s.gaps.most), first(s.gaps)));
}

void AddFlows(const ReplayReport& r, Rows* rows) {
  rows->Add(r.health.flows_evicted, "flows pushed out by the bound of the flow table");
  rows->Add(r.asymmetry.missing_out,
            "flows whose peer went on as after an answer of the node's that is not in the capture");
  rows->Add(r.asymmetry.missing_in,
            "flows whose node went on as after packets of the peer's that are not in the capture");
  rows->Add(r.counts.evicted, "attempts pushed out by the bound of the attempt table");
  rows->Add(r.counts.offered - std::min<uint64_t>(r.counts.offered, r.attempts.size()),
            "attempts too long ago to be listed; they are judged and counted all the same");
}

}  // namespace

std::string RenderCaveats(const ReplayReport& r) {
  Rows rows;
  AddPackets(r, &rows);
  for (const auto c : {CANDOR_C_UNPARSED, CANDOR_C_ATTRS_CUT, CANDOR_C_USERNAME_CUT, CANDOR_C_FRAGMENTS,
                       CANDOR_C_EXT_CUT, CANDOR_C_FLOWS_FULL}) {
    rows.Add(r.health.counters[c], std::string(CounterHelp(c)));
  }
  AddFlows(r, &rows);
  rows.Add(r.lost, "packets that the capture says it lost: answers may seem missing that were there");
  AddStamps(r.timestamps, &rows);
  return rows.text().empty() ? "" : "\nLEFT OUT OR UNCERTAIN\n" + rows.text();
}

std::string RenderWarnings(const ReplayReport& r) {
  std::string text;
  const auto much = [&](uint64_t n) {
    return n > 0 && static_cast<double>(n) >= kMuch * static_cast<double>(r.intake.captured);
  };
  if (much(r.intake.cut)) {
    text += fmt::format(
        "of {} packets {} end inside their headers: do not rely on the verdict, and capture more of each "
        "packet "
        "(tcpdump -s 200 or more)\n",
        Thousands(r.intake.captured), Thousands(r.intake.cut));
  }
  if (much(r.timestamps.invalid.count)) {
    text += fmt::format(
        "of {} packets {} have a time that is none, and count by their second: is the capture in nanoseconds "
        "under "
        "the magic number of microseconds?\n",
        Thousands(r.intake.captured), Thousands(r.timestamps.invalid.count));
  }
  const PayloadTruncation& p = r.intake.payload;
  if (p.IsShort(kMuch)) {
    text += fmt::format(
        "of {} UDP packets of the node {} were cut before or within what is read of them: do not rely on the "
        "verdict, and capture more of each packet (tcpdump -s 200 or more)\n",
        Thousands(p.enough + p.Short()), Thousands(p.Short()));
  }
  if (r.intake.OneDirection()) {
    const bool silent = r.intake.out == 0;
    text += fmt::format(
        "no packet {} the node is in this capture: either one direction only was captured (a mirror or a tap "
        "of "
        "one side, a filter with 'src' or 'dst'), or {}\n",
        silent ? "of" : "towards",
        silent ? "the node sent nothing all the while" : "nobody sent the node anything all the while");
  }
  const CaptureAsymmetry& o = r.asymmetry;
  const uint64_t lacking = o.missing_out + o.missing_in;
  if (lacking > 0 && static_cast<double>(lacking) >= kMost * static_cast<double>(o.flows)) {
    text += fmt::format("of {} flows {} lack one direction in this capture: do not rely on the verdict\n",
                        Thousands(o.flows), Thousands(lacking));
  }
  return text;
}

}  // namespace candor::cli
