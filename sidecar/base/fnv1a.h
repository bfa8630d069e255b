// SPDX-License-Identifier: Apache-2.0
//
// FNV-1a, 32 and 64 bits (draft-eastlake-fnv): for identities and damage, not against an attacker. The `hash`
// of an earlier call chains calls: Fnv1a64("b", Fnv1a64("a")) == Fnv1a64("ab"). Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace candor {

inline constexpr uint32_t kFnv32Basis = 0x811c9dc5;
inline constexpr uint32_t kFnv32Prime = 0x01000193;
inline constexpr uint64_t kFnv64Basis = 0xcbf29ce484222325;
inline constexpr uint64_t kFnv64Prime = 0x100000001b3;

constexpr uint32_t Fnv1a32(std::string_view bytes, uint32_t hash = kFnv32Basis) {
  for (const char c : bytes) hash = (hash ^ static_cast<uint8_t>(c)) * kFnv32Prime;
  return hash;
}

constexpr uint64_t Fnv1a64(std::string_view bytes, uint64_t hash = kFnv64Basis) {
  for (const char c : bytes) hash = (hash ^ static_cast<uint8_t>(c)) * kFnv64Prime;
  return hash;
}
constexpr uint64_t Fnv1a64(std::span<const uint8_t> bytes, uint64_t hash = kFnv64Basis) {
  for (const uint8_t b : bytes) hash = (hash ^ b) * kFnv64Prime;
  return hash;
}

}  // namespace candor
