// SPDX-License-Identifier: Apache-2.0
#include "probe/load/capabilities.h"

#include <linux/capability.h>

#include <charconv>

#include "probe/proc_file.h"

namespace candor {
namespace {

bool Has(uint64_t set, int capability) { return ((set >> capability) & 1) != 0; }

}  // namespace

Result<uint64_t> ParseEffectiveCapabilities(std::string_view status) {
  constexpr std::string_view kKey = "\nCapEff:";
  const auto at = status.find(kKey);
  if (at == std::string_view::npos) return Fail("the process status has no CapEff line");
  std::string_view rest = status.substr(at + kKey.size());
  while (!rest.empty() && (rest.front() == '\t' || rest.front() == ' ')) rest.remove_prefix(1);
  const std::string_view digits = rest.substr(0, rest.find('\n'));
  uint64_t set = 0;
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), set, 16);
  if (ec != std::errc() || end != digits.data() + digits.size()) {
    return Fail("CapEff is '" + std::string(digits) + "', not a hexadecimal number");
  }
  return set;
}

std::vector<std::string> MissingCapabilities(uint64_t effective) {
  std::vector<std::string> out;
  const bool admin = Has(effective, CAP_SYS_ADMIN);
  if (!admin && !Has(effective, CAP_BPF)) out.emplace_back("CAP_BPF");
  if (!HasNetAdmin(effective)) out.emplace_back("CAP_NET_ADMIN");
  if (!admin && !Has(effective, CAP_PERFMON)) out.emplace_back("CAP_PERFMON");
  return out;
}

bool HasNetAdmin(uint64_t effective) { return Has(effective, CAP_NET_ADMIN); }

uint64_t OwnCapabilities(const std::string& proc) {
  // thread-self: after a change of credentials each thread has its own.
  return ReadProcFile(proc + "/thread-self/status")
      .and_then([](const std::string& text) { return ParseEffectiveCapabilities(text); })
      .value_or(~uint64_t{0});
}

}  // namespace candor
