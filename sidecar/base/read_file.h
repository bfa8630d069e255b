// SPDX-License-Identifier: Apache-2.0
//
// Files read whole, those under /proc and /sys too, whose size is not known beforehand. Thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/result.h"

namespace candor {

inline constexpr size_t kLargestFile = size_t{64} << 20;

// Errors: "cannot read PATH: REASON" with the errno of open(2) or read(2); more than `largest` bytes (whole
// MiB): "PATH is larger than N MiB" with EFBIG.
Result<std::string> ReadFile(const std::string& path, size_t largest = kLargestFile);

// The same from an open descriptor, which `path` names in errors.
Result<std::string> ReadFile(int fd, const std::string& path, size_t largest = kLargestFile);

// The first; nullopt when there is no such file.
Result<std::optional<std::string>> ReadFileIfThere(const std::string& path, size_t largest = kLargestFile);

}  // namespace candor
