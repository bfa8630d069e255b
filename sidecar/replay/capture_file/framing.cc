// SPDX-License-Identifier: Apache-2.0
#include "replay/capture_file/framing.h"

#include <fmt/format.h>

namespace candor {

tl::unexpected<Error> Damaged(uint64_t offset, const std::string& what) {
  return Fail(fmt::format("at byte {}: {}", offset, what));
}

tl::unexpected<Error> CutOff(const ByteStream& in, size_t n, const std::string& what) {
  if (in.read_error() != 0)
    return FailErrno(fmt::format("at byte {}: cannot read", in.offset()), in.read_error());
  return Damaged(in.offset(), fmt::format("expected {} of {} bytes, but the file ends after {} of them", what,
                                          n, in.available()));
}

}  // namespace candor
