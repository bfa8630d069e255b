// SPDX-License-Identifier: Apache-2.0
#include "serve/to_proto_drops.h"

#include <google/protobuf/util/time_util.h>

namespace candor {

v1::DropEvidence ToProto(const DropEvidence& drops, std::chrono::nanoseconds to_wall) {
  using google::protobuf::util::TimeUtil;
  v1::DropEvidence out;
  out.set_unavailable(drops.unavailable);
  for (const std::string& name : drops.unreported) out.add_unreported(name);
  out.set_unattributed(drops.unattributed);
  ForEachDrop([&](candor_dir direction, candor_drop_reason r) {
    const uint64_t n = drops.sums.at(direction).at(r);
    if (n == 0) return;
    v1::DropReason* reason = out.add_reasons();
    reason->set_name(std::string(DropName(r)));
    reason->set_direction(std::string(DirectionName(direction)));
    reason->set_datagrams(n);
    const Time last = drops.last.at(direction).at(r);
    if (last != Time{}) {
      *reason->mutable_last() = TimeUtil::NanosecondsToTimestamp((last.time_since_epoch() + to_wall).count());
    }
    reason->set_help(std::string(DropHelp(r)));
    reason->set_remediation(std::string(DropRemediation(r, direction)));
  });
  return out;
}

}  // namespace candor
