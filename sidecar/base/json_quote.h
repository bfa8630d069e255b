// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace candor {

// `text` as a JSON string with its quotes (RFC 8259 section 7): quote and backslash after a backslash,
// control characters and DEL as \u00NN, each byte that is not UTF-8 as \ufffd (section 8.1), all else
// unchanged. Pure.
std::string JsonQuoted(std::string_view text);

}  // namespace candor
