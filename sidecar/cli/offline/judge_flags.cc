// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/judge_flags.h"

#include <utility>

#include "flow/nat64.h"

namespace candor::cli {
namespace {

Result<void> ReadPrefixes(const char* flag, const std::string& text, std::vector<IpPrefix>* out) {
  if (text.empty()) return {};
  auto prefixes = ParsePrefixList(text);
  if (!prefixes) return Fail(std::string(flag) + ": " + prefixes.error().message);
  *out = std::move(*prefixes);
  return {};
}

}  // namespace

Result<void> ReadJudgeFlags(const JudgeFlags& flags, JudgeOptions* options) {
  if (auto ok = ReadPrefixes("--trusted", flags.trusted, &options->trusted_sources); !ok) return ok;
  if (auto ok = ReadPrefixes("--nat64", flags.nat64, &options->nat64_prefixes); !ok) return ok;
  for (const IpPrefix& p : options->nat64_prefixes) {
    if (p.address.IsV4() || !IsNat64Length(p.bits))
      return Fail("--nat64: expected an IPv6 prefix of 32, 40, 48, 56, 64 or 96 bits (RFC 6052), not '" +
                  p.ToString() + "'");
  }
  if (flags.role.empty()) return {};
  const auto role = RoleNamed(flags.role);
  if (!role) return Fail("--role: expected " + std::string(kRoleChoices) + ", not '" + flags.role + "'");
  options->role = *role;
  return {};
}

}  // namespace candor::cli
