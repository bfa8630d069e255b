// SPDX-License-Identifier: Apache-2.0
#include "serve/state_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "serve/to_proto_history.h"

namespace candor {
namespace {

constexpr std::string_view kMagic = "candor-state ";
constexpr std::string_view kVersion = "1";

uint64_t Fnv1a(std::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

std::string HeaderOf(std::string_view body) {
  return fmt::format("{}{} {:016x} {}\n", kMagic, kVersion, Fnv1a(body), body.size());
}

}  // namespace

std::string EncodeState(const SavedState& s) {
  const std::string body = ToProto(s).SerializeAsString();
  return HeaderOf(body) + body;
}

SavedState OnThisBoot(SavedState s, const std::string& boot_id, BootTime boot, WallTime wall) {
  // A boot clock that ran backwards is another machine's or a time namespace's, whatever the identity says.
  const bool same = !boot_id.empty() && s.boot_id == boot_id && boot >= s.boot;
  const Duration passed = std::max<Duration>(wall - s.at, Duration::zero());
  const Duration shift = same ? Duration::zero() : boot - passed - s.boot;
  s.boot += shift;
  s.boot_id = boot_id;
  s.baseline_at += shift;
  if (s.overrides.drain) s.overrides.drain->since += shift;
  if (s.overrides.state_override) {
    s.overrides.state_override->since += shift;
    s.overrides.state_override->until += shift;
  }
  return s;
}

Result<SavedState> DecodeState(std::string_view bytes) {
  const size_t end = bytes.substr(0, 100).find('\n');
  if (!bytes.starts_with(kMagic) || end == std::string_view::npos)
    return Fail("it is no state file of Candor");
  const std::string_view version =
      bytes.substr(kMagic.size(), bytes.find(' ', kMagic.size()) - kMagic.size());
  if (version != kVersion) {
    return Fail(fmt::format("it is of version {}; this candord knows version {}", version, kVersion));
  }
  const std::string_view body = bytes.substr(end + 1);
  if (bytes.substr(0, end + 1) != HeaderOf(body)) return Fail("it is damaged: its checksum does not match");
  v1::SavedState in;
  if (!in.ParseFromArray(body.data(), static_cast<int>(body.size())))
    return Fail("it is damaged: no SavedState");
  return FromProto(in);
}

}  // namespace candor
