// SPDX-License-Identifier: Apache-2.0
#include "steer/row_watch.h"

#include "steer/node_row.h"

namespace candor::steer {

void RowWatch::Open(Time now) {
  if (connection_ || (tried_ != Time{} && now - tried_ < kTryEvery)) return;
  tried_ = now;
  const Time deadline = MonotonicNow() + std::chrono::milliseconds(500);
  auto made = dialer_.Dial(deadline);
  if (!made) return;
  const std::string channel = "__keyspace@" + std::to_string(database_) + "__:" + kNodesKey;
  if ((*made)->Call({"SUBSCRIBE", channel}, deadline)) connection_ = std::move(*made);
}

void RowWatch::Close() {
  connection_.reset();
  tried_ = last_ = Time{};
}

bool RowWatch::Take(Time now) {
  bool any = false;
  while (connection_) {
    const auto pushed = connection_->TakePushed();
    if (!pushed) connection_.reset();
    if (!pushed || !*pushed) break;
    any = true;
    last_ = now;
  }
  return any;
}

}  // namespace candor::steer
