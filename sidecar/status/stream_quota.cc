// SPDX-License-Identifier: Apache-2.0
#include "status/stream_quota.h"

#include <fmt/format.h>

#include "base/counted.h"

namespace candor {

std::string PeerHost(std::string_view peer) {
  const bool tcp = peer.starts_with("ipv4:") || peer.starts_with("ipv6:");
  return tcp ? std::string(peer.substr(0, peer.rfind(':'))) : "unix";
}

Result<std::unique_ptr<StreamQuota::Ticket>> StreamQuota::Acquire(std::string_view peer) {
  std::string host = PeerHost(peer);
  const std::lock_guard lock(mutex_);
  if (open_ >= total_limit_) {
    return Fail(fmt::format("{} open, as many as the setting limits.watches allows",
                            Counted(open_, "stream is", "streams are")));
  }
  const auto it = by_host_.find(host);
  if (it != by_host_.end() && it->second >= per_peer_limit_) {
    return Fail(fmt::format("{} has {} open, as many as the setting limits.watches_per_peer allows", host,
                            Counted(it->second, "stream")));
  }
  ++by_host_[host];
  ++open_;
  return std::make_unique<Ticket>(*this, std::move(host));
}

size_t StreamQuota::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

void StreamQuota::Release(const std::string& host) {
  const std::lock_guard lock(mutex_);
  --open_;
  const auto it = by_host_.find(host);
  if (--it->second == 0) by_host_.erase(it);
}

}  // namespace candor
