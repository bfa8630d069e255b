// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace candor::web {

// `text` as a JSON string with its quotes (RFC 8259 section 7). What is not UTF-8 becomes U+FFFD, byte by
// byte: texts from the system or from a node need not be UTF-8, JSON must. Pure.
std::string JsonQuoted(std::string_view text);

}  // namespace candor::web
