// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"

namespace candor {

// The whole text of a file under /proc, whose size is not known beforehand.
Result<std::string> ReadProcFile(const std::string& path);

}  // namespace candor
