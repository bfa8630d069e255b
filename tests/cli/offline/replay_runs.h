// SPDX-License-Identifier: Apache-2.0
//
// Runs of `candorctl replay` in a test's own process, and files for them.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "cli/offline/replay.h"
#include "tests/replay/capture_bytes.h"

namespace candor::cli {

struct Finished {
  int code = 0;
  std::string out, err;
};

inline Finished Replay(const ReplayArguments& a) {
  std::ostringstream out, err;
  const int code = RunReplay(a, out, err);
  return {code, out.str(), err.str()};
}

inline std::string Written(const std::string& name, const testing::Bytes& content) {
  const std::string path = ::testing::TempDir() + "/" + name;
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
  return path;
}

}  // namespace candor::cli
