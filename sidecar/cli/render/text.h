// SPDX-License-Identifier: Apache-2.0
//
// Figures and foreign text for people. Pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace candor::cli {

// `raw` with everything that could drive a terminal written out: control characters (C0, DEL, C1),
// bidirectional overrides and bytes that are no UTF-8 become \n, \t, \xNN or \u{NNNN}. Whatever came over
// the wire or from a file goes through here before it is shown: peers choose parts of it.
std::string Printable(std::string_view raw);

// Columns that `text` (Printable) takes on the screen: its code points.
size_t Columns(std::string_view text);

// "0 s", "42 s", "4 min 12 s", "3 h 5 min", "2 d 4 h". Negative (a clock that is ahead) counts as 0.
std::string Age(std::chrono::nanoseconds d);

// For set-up times: "0 ms", "310 ms", "1.2 s", then as Age().
std::string Brief(std::chrono::nanoseconds d);

// 1204331 -> "1,204,331".
std::string Thousands(uint64_t n);

// "1 attempt", "1,204,331 attempts"; `many` where it is not `one` with an s.
std::string Counted(uint64_t n, std::string_view one, std::string_view many = {});

// 0.005 -> "0.5 %"; from ten per cent on without decimals; not a number -> "?".
std::string Percent(double share);

// How much of `whole` is reached: "[####......]". Full from part >= whole; empty when either is not positive.
std::string Bar(double part, double whole, size_t cells);

// Breaks at spaces so that no line is longer than `width` columns where a word allows it; every line starts
// with `indent` spaces and ends with a newline. Empty text gives nothing.
std::string Wrap(std::string_view text, size_t indent, size_t width = 100);

// `text` as one line behind `indent` spaces: the output breaks it at the terminal's width (output.h). Empty
// text gives nothing.
std::string Paragraph(std::string_view text, size_t indent);

// "2s", "500ms", "1.5s", "3m", "1h"; nullopt for anything else, for nothing and for more than a week.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);

}  // namespace candor::cli
