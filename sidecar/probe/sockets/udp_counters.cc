// SPDX-License-Identifier: Apache-2.0
#include "probe/sockets/udp_counters.h"

#include <array>
#include <charconv>
#include <optional>
#include <string>

namespace candor {
namespace {

std::string_view TakeLine(std::string_view* text) {
  const size_t end = std::min(text->find('\n'), text->size());
  const std::string_view line = text->substr(0, end);
  text->remove_prefix(std::min(end + 1, text->size()));
  return line;
}

std::string_view TakeWord(std::string_view* line) {
  const size_t begin = std::min(line->find_first_not_of(" \t"), line->size());
  line->remove_prefix(begin);
  const size_t end = std::min(line->find_first_of(" \t"), line->size());
  const std::string_view word = line->substr(0, end);
  line->remove_prefix(end);
  return word;
}

std::optional<uint64_t> Number(std::string_view word) {
  uint64_t value = 0;
  const auto [end, ec] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (ec != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

struct Field {
  std::string_view group, name, name6;
  uint64_t UdpCounters::*place;
  bool needed;
};
constexpr std::array<Field, 6> kFields = {{
    {"Udp:", "InDatagrams", "Udp6InDatagrams", &UdpCounters::in, true},
    {"Udp:", "RcvbufErrors", "Udp6RcvbufErrors", &UdpCounters::rcvbuf_errors, true},
    {"Udp:", "MemErrors", "Udp6MemErrors", &UdpCounters::mem_errors, false},
    {"Udp:", "OutDatagrams", "Udp6OutDatagrams", &UdpCounters::out, true},
    {"Udp:", "SndbufErrors", "Udp6SndbufErrors", &UdpCounters::sndbuf_errors, true},
    {"Ip:", "OutDiscards", "Ip6OutDiscards", &UdpCounters::out_discards, false},
}};

// Two lines per protocol, names and values, each beginning with "Udp:".
std::optional<uint64_t> InSnmp(std::string_view text, std::string_view group, std::string_view name) {
  while (!text.empty()) {
    std::string_view names = TakeLine(&text);
    if (TakeWord(&names) != group) continue;
    std::string_view values = TakeLine(&text);
    if (TakeWord(&values) != group) return std::nullopt;
    while (!names.empty()) {
      const std::string_view is = TakeWord(&names), value = TakeWord(&values);
      if (is == name) return Number(value);
    }
    return std::nullopt;
  }
  return std::nullopt;
}

// One line per field: name and value.
std::optional<uint64_t> InSnmp6(std::string_view text, std::string_view name) {
  for (size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    if (at > 0 && text[at - 1] != '\n') continue;
    std::string_view rest = text.substr(at);
    std::string_view line = TakeLine(&rest);
    if (TakeWord(&line) == name) return Number(TakeWord(&line));
  }
  return std::nullopt;
}

}  // namespace

Result<UdpCounters> ParseUdpCounters(std::string_view snmp, std::string_view snmp6) {
  UdpCounters out;
  for (const Field& f : kFields) {
    const auto four = InSnmp(snmp, f.group, f.name);
    const auto six = InSnmp6(snmp6, f.name6);
    if (f.needed && !four) return Fail("net/snmp has no " + std::string(f.name) + " of UDP");
    if (f.needed && !six && !snmp6.empty()) return Fail("net/snmp6 has no " + std::string(f.name6));
    out.*f.place = four.value_or(0) + six.value_or(0);
  }
  return out;
}

}  // namespace candor
