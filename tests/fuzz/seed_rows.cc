// SPDX-License-Identifier: Apache-2.0
#include "seeds.h"
#include "tests/steer/rows.h"

namespace candor::fuzz {

void SeedRows(SeedFolder* out) {
  std::string bare, twice = steer::MakeRow({}) + steer::MakeRow({.state = 2});
  steer::PutText(1, "ND_a", bare);
  std::string cut = steer::MakeRow({.region = "chicago"});
  cut.resize(cut.size() - 3);
  for (const std::string& row : {steer::MakeRow({}), steer::MakeRow({.region = "chicago", .state = 3}),
                                 steer::MakeRow({.updated_at = -1}), bare, twice, cut,
                                 bare + std::string("\x35\x01\x02\x03\x04\x22\x00", 7)})
    out->Add("row", Bytes(row.begin(), row.end()));
}

}  // namespace candor::fuzz
