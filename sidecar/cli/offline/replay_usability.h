// SPDX-License-Identifier: Apache-2.0
//
// Decides whether a capture holds evidence about its node. Without, there is no verdict: an answer that was
// not captured looks like one that the node did not send.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "replay/file_source.h"

namespace candor::cli {

enum class Unusable : uint8_t {
  kNotOfNode,  // no packet is from or to --node
  kNoUdp,      // none of the node's is UDP on its --ports
  kNoPayload,  // of nine in ten or more payloads a part that is read is missing
  // All packets are from the node; or all are to it, and some could only be sent after an answer. Without
  // such evidence (a recorder only receives, a dead node does not send) the capture is judged, with a
  // warning.
  kOneDirection,
};

// "not_of_node", "no_udp", "no_payload", "one_direction".
const char* JsonName(Unusable why);

// After `source` was read to its end.
std::optional<Unusable> WhyUnusable(const FileSource& source);
// The reason with its figures and the remedy: lines, each with a newline.
std::string ExplainUnusable(Unusable why, const FileSource& source);

}  // namespace candor::cli
