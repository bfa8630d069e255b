// SPDX-License-Identifier: Apache-2.0
#include "cli/render/top_screen.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/host_port.h"
#include "cli/render/enum_names.h"
#include "cli/render/explain.h"
#include "cli/render/override_text.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr size_t kBarCells = 30;

bool Failed(const pb::Attempt& a) {
  return a.outcome() == pb::STALLED || a.outcome() == pb::EARLY_DROP || a.outcome() == pb::UNANSWERED;
}

std::string Head(const pb::Verdict& v, WallTime now, const Style& style) {
  std::string out = style.Paint(ServingHue(v.serving()), ServingName(v.serving())) + "   " +
                    style.Paint(StateHue(v.state()), StateName(v.state())) + " for " + StateAge(v, now) +
                    ": " + Printable(v.reason()) + "\n" + OverrideLines(v, now, style);
  if (!v.detail().empty()) out += "  " + Printable(v.detail()) + "\n";
  out += "  " + CompareWithSelfReport(v).sentence + "\n";
  const std::string stale = StaleWarning(v, now);
  if (!stale.empty()) out += style.Paint(Hue::kYellow, "  !! " + stale) + "\n";
  return out;
}

std::string BarRow(const char* title, uint64_t part, uint64_t whole, Hue hue, const Style& style) {
  const std::string bar = Bar(static_cast<double>(part), static_cast<double>(whole), kBarCells);
  return fmt::format("  {:<12} {} {}\n", title, style.Paint(part > 0 ? hue : Hue::kPlain, bar),
                     Thousands(part));
}

std::string FunnelPart(const pb::Funnel& f, const Style& style) {
  const uint64_t stalled = f.stalled_node() + f.stalled_peer() + f.stalled_path() + f.stalled_none();
  return style.Paint(Hue::kBold, "Attempts since start") + "\n" +
         BarRow("offered", f.offered(), f.offered(), Hue::kPlain, style) +
         BarRow("acknowledged", f.acknowledged(), f.offered(), Hue::kPlain, style) +
         BarRow("active", f.active(), f.offered(), Hue::kGreen, style) +
         style.Paint(Hue::kBold, "Stalled, by the side waited on") + "\n" +
         BarRow("node", f.stalled_node(), stalled, Hue::kRed, style) +
         BarRow("peer", f.stalled_peer(), stalled, Hue::kYellow, style) +
         BarRow("path", f.stalled_path(), stalled, Hue::kYellow, style) +
         fmt::format("  open now: {} active, {} in set-up\n", Thousands(f.open_active()),
                     Thousands(f.open_offered() + f.open_answered() + f.open_nominated() + f.open_secured()));
}

std::string SetupPart(const pb::ListAttemptsResponse& attempts) {
  std::vector<std::chrono::nanoseconds> times;
  for (const pb::Attempt& a : attempts.attempts()) {
    if (a.has_active() && a.has_first()) times.push_back(FromProto(a.active()) - FromProto(a.first()));
  }
  if (times.empty()) return "Set-up time: no attempt became active recently\n";
  std::sort(times.begin(), times.end());
  const auto quantile = [&](size_t percent) { return Brief(times[(times.size() - 1) * percent / 100]); };
  return fmt::format("Set-up time of the last {}: half within {}, 95 % within {}, all within {}\n",
                     times.size(), quantile(50), quantile(95), quantile(100));
}

struct Network {
  std::string name;
  uint64_t failed = 0, all = 0;
};

std::string NetworksPart(const pb::ListAttemptsResponse& attempts, const Style& style) {
  std::map<std::string, Network> by_name;
  for (const pb::Attempt& a : attempts.attempts()) {
    Network& network = by_name[NetworkOf(a.peer())];
    network.failed += Failed(a) ? 1 : 0;
    ++network.all;
  }
  std::vector<Network> worst;
  for (auto& [name, network] : by_name) {
    network.name = name;
    if (network.failed > 0) worst.push_back(network);
  }
  std::sort(worst.begin(), worst.end(),
            [](const Network& a, const Network& b) { return a.failed > b.failed; });
  std::string out = style.Paint(Hue::kBold, "Client networks with most recent failures") + "\n";
  if (worst.empty()) return out + "  none\n";
  for (const Network& n : worst) {
    out += fmt::format("  {:<22} {} of {} failed\n", n.name, Thousands(n.failed), Thousands(n.all));
  }
  return out;
}

// `line` cut to `columns`; escape sequences have no width and are kept, so that colours end.
std::string Cut(const std::string& line, size_t columns) {
  std::string out;
  size_t used = 0;
  for (size_t i = 0; i < line.size();) {
    if (line[i] == '\x1b') {
      const size_t end = std::min(line.find('m', i), line.size() - 1);
      out += line.substr(i, end - i + 1);
      i = end + 1;
      continue;
    }
    size_t next = i + 1;
    while (next < line.size() && (static_cast<unsigned char>(line[next]) & 0xc0) == 0x80) ++next;
    if (used < columns) out += line.substr(i, next - i);
    ++used;
    i = next;
  }
  return out;
}

}  // namespace

std::string NetworkOf(const std::string& peer) {
  const auto parts = ParseHostPort(peer);
  if (!parts) return "?";
  const std::string host(parts->host);
  in_addr v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) {
    const uint32_t address = ntohl(v4.s_addr);
    return fmt::format("{}.{}.0.0/16", address >> 24, (address >> 16) & 0xff);
  }
  in6_addr v6{};
  if (::inet_pton(AF_INET6, host.c_str(), &v6) != 1) return "?";
  std::fill(std::begin(v6.s6_addr) + 4, std::end(v6.s6_addr), uint8_t{0});
  char text[INET6_ADDRSTRLEN] = {};
  if (::inet_ntop(AF_INET6, &v6, text, sizeof text) == nullptr) return "?";
  return std::string(text) + "/32";
}

std::string RenderTop(const pb::Verdict& verdict, const pb::ListAttemptsResponse& attempts, WallTime now,
                      TerminalSize size, const Style& style) {
  const std::string all = Head(verdict, now, style) + "\n" + FunnelPart(verdict.funnel(), style) +
                          SetupPart(attempts) + NetworksPart(attempts, style);
  std::string out;
  size_t rows = 0;
  for (size_t begin = 0; begin < all.size() && rows < size.rows; ++rows) {
    const size_t end = all.find('\n', begin);
    out += (rows == 0 ? "" : "\n") + Cut(all.substr(begin, end - begin), size.columns);
    begin = end + 1;
  }
  return out;
}

}  // namespace candor::cli
