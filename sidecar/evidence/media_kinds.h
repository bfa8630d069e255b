// SPDX-License-Identifier: Apache-2.0
//
// The kinds of media that are usual or not on a node. What the node sends is asked twice: of all attempts,
// and of those whose peer sends, for a forwarding node sends nothing while nobody sends to it. Constants.
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
  uint8_t bit;            // of MediaBits: what is waited for
  uint8_t given;          // the bit from which on it is waited for; 0: from becoming active on
};
inline constexpr std::array<MediaKindTraits, kMediaKinds> kMediaTraits = {{
    {"rtp_to_senders", kRtpOut, kRtpIn},
    {"data_to_senders", kDataOut, kDataIn},
    {"rtp_out", kRtpOut, 0},
    {"rtp_in", kRtpIn, 0},
    {"data_in", kDataIn, 0},
}};

}  // namespace candor
