// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay_encapsulations.h"

#include <fmt/format.h>

#include "cli/render/text.h"
#include "replay/layers/decapsulate.h"

namespace candor::cli {
namespace {

std::string Packets(uint64_t n, const char* one, const char* many) {
  return Thousands(n) + (n == 1 ? std::string(" packet ") + one : std::string(" packets ") + many);
}

template <class Kind, size_t N>
std::string JsonCounts(const std::array<uint64_t, N>& counts) {
  std::string text;
  for (size_t i = 0; i < N; ++i) {
    if (counts[i] > 0) {
      text += fmt::format("{}\"{}\":{}", text.empty() ? "" : ",", JsonName(static_cast<Kind>(i)), counts[i]);
    }
  }
  return "{" + text + "}";
}

}  // namespace

std::string RenderEncapsulations(const EncapsulationCounts& c, size_t indent) {
  std::string text;
  const auto add = [&](uint64_t n, const std::string& line) {
    if (n > 0) text += std::string(indent, ' ') + line + "\n";
  };
  for (size_t i = 0; i < kEncapsulations; ++i) {
    add(c.read[i], fmt::format("{} read inside {}", Packets(c.read[i], "was", "were"),
                               Name(static_cast<Encapsulation>(i))));
  }
  for (size_t i = 0; i < kOpaqueKinds; ++i) {
    add(c.opaque[i], fmt::format("{} inside {}, which is not read", Packets(c.opaque[i], "is", "are"),
                                 Name(static_cast<Opaque>(i))));
  }
  add(c.too_deep, fmt::format("{} inside more than {} encapsulations, and not read",
                              Packets(c.too_deep, "is", "are"), kMaxEncapsulations));
  return text;
}

std::string JsonInside(const EncapsulationCounts& c) { return JsonCounts<Encapsulation>(c.read); }
std::string JsonNotRead(const EncapsulationCounts& c) { return JsonCounts<Opaque>(c.opaque); }

}  // namespace candor::cli
