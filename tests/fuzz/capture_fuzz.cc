// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a capture file, through the reader, the link layers, the packet parser and the flow table.
// What must hold: no crash, no sanitizer's complaint, time that never runs backwards, every packet counted
// once.
#include <cstdlib>

#include "replay/file_source.h"

namespace {

using namespace candor;

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FileSourceOptions options{"fuzz", {IpAddress::V4(0x0a630001), IpAddress::V4(0x7f000001)}, {}};
  options.table.max_flows = 64;  // small, so that eviction runs too
  const auto source = FileSource::FromMemory(std::move(options), {data, data + size});
  if (!source) {
    Check(source.error().message.find("at byte ") != std::string::npos);
    return 0;
  }
  Time last{};
  const auto sink = [&](const FlowEvent& e) {
    Check(e.at >= last && e.flow.phase != CANDOR_PHASE_NONE);
    last = e.at;
  };
  const auto done = (*source)->PollUntil(TimeFromNanos(uint64_t{1} << 62), sink);
  if (!done) Check(done.error().message.find("at byte ") != std::string::npos);
  const IntakeCounts& n = (*source)->counts();
  Check(n.captured == n.of_node + n.not_of_node + n.not_ip + n.cut + n.unknown_link);
  Check((*source)->Health().flows_open <= 64);
  return 0;
}
