// SPDX-License-Identifier: Apache-2.0
//
// An answer of Redis as a value (RESP2). Tested in tests/steer/redis_connection_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace candor::steer {

struct Reply {
  enum class Kind : uint8_t { kNil, kText, kInteger, kList, kError };
  Kind kind = Kind::kNil;
  std::string text;  // of kText (binary) and kError
  int64_t integer = 0;
  std::vector<Reply> items;

  bool is(Kind k) const { return kind == k; }
};

}  // namespace candor::steer
