// SPDX-License-Identifier: Apache-2.0
//
// Numbers, durations and untrusted text for people. Pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace candor::cli {

// `raw` without what controls a terminal: control characters (C0, DEL, C1), bidirectional overrides and bytes
// that are not UTF-8 become \n, \t, \xNN or \u{NNNN}. For all text from the network or a file: peers choose
// parts of it.
std::string Printable(std::string_view raw);

// Columns of `text` (Printable) on the screen: its code points.
size_t Columns(std::string_view text);

// "0 s", "42 s", "4 min 12 s", "3 h 5 min", "2 d 4 h". Negative (a clock that runs ahead) is 0.
std::string Age(std::chrono::nanoseconds d);

// For set-up times: "0 ms", "310 ms", "1.2 s", then as Age().
std::string Brief(std::chrono::nanoseconds d);

// 1204331 -> "1,204,331".
std::string Thousands(uint64_t n);

// "1 attempt", "1,204,331 attempts"; `many`: the plural where it is not `one` with an s.
std::string Counted(uint64_t n, std::string_view one, std::string_view many = {});

// 0.005 -> "0.5 %"; from 10 % on without decimals; not a number -> "?".
std::string Percent(double share);

// `part` of `whole` as "[####......]". Full from part >= whole on; empty when either is not positive.
std::string Bar(double part, double whole, size_t cells);

// Breaks at spaces so that only a single word is longer than `width` columns; every line starts with `indent`
// spaces and ends with a newline. Empty for an empty text.
std::string Wrap(std::string_view text, size_t indent, size_t width = 100);

// `text` as one line after `indent` spaces; WrappingBuffer (output.h) breaks it. Empty for an empty text.
std::string Paragraph(std::string_view text, size_t indent);

// "2s", "500ms", "1.5s", "3m", "1h", from 1 ms to a week, rounded to ms; nullopt for anything else.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);

}  // namespace candor::cli
