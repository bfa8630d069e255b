// SPDX-License-Identifier: Apache-2.0
#include "serve/state_file.h"

#include <fmt/format.h>

#include "base/fnv1a.h"
#include "serve/to_proto_history.h"

namespace candor {
namespace {

constexpr std::string_view kMagic = "candor-state ";
constexpr std::string_view kVersion = "1";

std::string HeaderOf(std::string_view body) {
  return fmt::format("{}{} {:016x} {}\n", kMagic, kVersion, Fnv1a64(body), body.size());
}

}  // namespace

std::string EncodeState(const SavedState& s) {
  const std::string body = ToProto(s).SerializeAsString();
  return HeaderOf(body) + body;
}

Result<SavedState> DecodeState(std::string_view bytes) {
  const size_t end = bytes.substr(0, 100).find('\n');
  if (!bytes.starts_with(kMagic) || end == std::string_view::npos)
    return Fail("it is no state file of Candor");
  const std::string_view version =
      bytes.substr(kMagic.size(), bytes.find(' ', kMagic.size()) - kMagic.size());
  if (version != kVersion) {
    return Fail(fmt::format("it is of version {}; this candord reads version {}", version, kVersion));
  }
  const std::string_view body = bytes.substr(end + 1);
  if (bytes.substr(0, end + 1) != HeaderOf(body)) return Fail("it is damaged: its checksum does not match");
  v1::SavedState in;
  if (!in.ParseFromArray(body.data(), static_cast<int>(body.size())))
    return Fail("it is damaged: no SavedState");
  return FromProto(in);
}

}  // namespace candor
