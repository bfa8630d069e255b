// SPDX-License-Identifier: Apache-2.0
//
// Whether a capture can tell of its node at all. One that cannot gets no verdict: an answer that was not
// captured looks like one that the node never gave.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "replay/file_source.h"

namespace candor::cli {

enum class Unusable : uint8_t {
  kNotOfNode,  // no packet is from or to --node
  kNoUdp,      // none of the node's is UDP on its --ports
  kNoPayload,  // nine in ten or more were cut before, or within, what is read of them
  // All are from the node; or all are to it, and some show that answers existed, for they could only be sent
  // after one. Without such proof (a recorder only receives, a dead node never sends) it is judged, with a
  // warning.
  kOneDirection,
};

// "not_of_node", "no_udp", "no_payload", "one_direction".
const char* JsonName(Unusable why);

// Once `source` was read to its end.
std::optional<Unusable> WhyUnusable(const FileSource& source);
// Why, with the figures and what to do: lines, each with its newline.
std::string ExplainUnusable(Unusable why, const FileSource& source);

}  // namespace candor::cli
