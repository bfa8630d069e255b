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

// `what` begins with a plural noun, or with "UDP" and one.
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
  rows->Add(n.copies, "packets of the node that came before in another encapsulation, or in none");
  rows->Add(n.payload.none, "UDP packets of the node cut before their payload: tcpdump -s 200 or more");
  rows->Add(n.payload.cut, "UDP packets of the node cut inside their payload: tcpdump -s 200 or more");
}

void AddTimestamps(const TimestampFaults& f, Rows* rows) {
  const auto first = [](const TimestampFault& t) { return fmt::format("(the first is packet {})", t.first); };
  rows->Add(f.late.count,
            fmt::format("packets older than one before them (by at most {:.3f} s), taken at its time",
                        Seconds(f.late.most)));
  rows->Add(f.invalid.count,
            fmt::format(
                "packets with an invalid time, such as 1,000,000 microseconds of a second {}: taken without "
                "the fraction, or at the time of the one before",
                first(f.invalid)));
  rows->Add(
      f.outliers.count,
      fmt::format("packets with a time up to {} from all around them {}, taken at the time of the one before",
                  Age(f.outliers.most), first(f.outliers)));
  rows->Add(f.clock_set_back.count,
            fmt::format(
                "times the clock was set back, by at most {} {}: the difference is added to all later times",
                Age(f.clock_set_back.most), first(f.clock_set_back)));
  rows->Add(f.gaps.count, fmt::format("times the clock jumps ahead, by at most {} {}: taken as silence",
                                      Age(f.gaps.most), first(f.gaps)));
}

void AddFlows(const ReplayReport& r, Rows* rows) {
  rows->Add(r.health.flows_evicted, "flows evicted at the limit of the flow table");
  rows->Add(r.asymmetry.missing_out,
            "flows whose peer continued as after an answer of the node that is not in the capture");
  rows->Add(r.asymmetry.missing_in,
            "flows whose node continued as after packets of the peer that are not in the capture");
  rows->Add(r.counts.evicted, "attempts evicted at the limit of the attempt table");
  rows->Add(r.counts.offered - std::min<uint64_t>(r.counts.offered, r.attempts.size()),
            "attempts too old to be listed; they are judged and counted");
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
  rows.Add(r.lost, "packets lost by the capture, by its own count: answers may be missing for that");
  AddTimestamps(r.timestamps, &rows);
  return rows.text().empty() ? "" : "\nLEFT OUT OR UNCERTAIN\n" + rows.text();
}

std::string RenderWarnings(const ReplayReport& r) {
  constexpr auto kMorePerPacket =
      "do not rely on the verdict, and capture more of each packet (tcpdump -s 200 or more)\n";
  std::string text;
  const auto add = [&](bool wanted, const char* line, uint64_t of, uint64_t n) {
    if (wanted) text += fmt::format(fmt::runtime(line), Thousands(of), Thousands(n), kMorePerPacket);
  };
  const auto share = [](uint64_t n, uint64_t of, double least) {
    return n > 0 && static_cast<double>(n) >= least * static_cast<double>(of);
  };
  const uint64_t packets = r.intake.captured, invalid = r.timestamps.invalid.count;
  add(share(r.intake.cut, packets, kMuch), "of {} packets {} end inside their headers: {}", packets,
      r.intake.cut);
  add(share(invalid, packets, kMuch),
      "of {} packets {} have an invalid time, and count by their second: is the capture in nanoseconds "
      "under the magic number of microseconds?\n",
      packets, invalid);
  const PayloadTruncation& p = r.intake.payload;
  add(p.IsShort(kMuch), "of {} UDP packets of the node {} were cut before or inside their payload: {}",
      p.complete + p.Short(), p.Short());
  if (r.intake.OneDirection()) {
    const bool silent = r.intake.out == 0;
    text += fmt::format(
        "no packet {} the node is in this capture: either only one direction was captured (a mirror or a "
        "tap of one side, a filter with 'src' or 'dst'), or the node {} nothing during the capture\n",
        silent ? "from" : "to", silent ? "sent" : "received");
  }
  const uint64_t flows = r.asymmetry.flows, lacking = r.asymmetry.missing_out + r.asymmetry.missing_in;
  add(share(lacking, flows, kMost),
      "of {} flows {} lack one direction in this capture: do not rely on the verdict\n", flows, lacking);
  return text;
}

}  // namespace candor::cli
