// SPDX-License-Identifier: Apache-2.0
//
// The kinds of media whose absence may be a failure. What the node sends is tested twice: over all attempts,
// and over those whose peer sends, as a forwarding node sends nothing while no peer sends. Constants.
// Tested in tests/evidence/media_window_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "attempt/attempt_event.h"

namespace candor {

enum class MediaKind : uint8_t { kRtpToSenders, kDataToSenders, kRtpOut, kRtpIn, kDataIn };
inline constexpr size_t kMediaKinds = 5;
constexpr size_t Index(MediaKind k) { return static_cast<size_t>(k); }

struct MediaKindTraits {
  std::string_view name;  // in the saved baseline
  uint8_t bit;            // of MediaBits: expected
  uint8_t given;          // expected once this bit is seen; 0: once the attempt is active
};
inline constexpr std::array<MediaKindTraits, kMediaKinds> kMediaTraits = {{
    {"rtp_to_senders", kRtpOut, kRtpIn},
    {"data_to_senders", kDataOut, kDataIn},
    {"rtp_out", kRtpOut, 0},
    {"rtp_in", kRtpIn, 0},
    {"data_in", kDataIn, 0},
}};

}  // namespace candor
