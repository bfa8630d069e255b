// SPDX-License-Identifier: Apache-2.0
#include "daemon/facts_thread.h"

#include <unistd.h>

#include <map>
#include <memory>
#include <utility>

#include "facts/facts_reader.h"

namespace candor::daemon {
namespace {

constexpr size_t kMostReaders = 32;  // servers; all begin again beyond that

}  // namespace

FactsThread::FactsThread(Read read)
    : read_(std::move(read)), worker_([this](const std::stop_token& stop) { Run(stop); }, "candor-facts") {}

void FactsThread::Ask(std::vector<ServerFactsRequest> wanted) {
  const std::lock_guard lock(mutex_);
  wanted_ = std::move(wanted);
  asked_.notify_one();
}

std::vector<ServerFacts> FactsThread::Take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(found_, {});
}

void FactsThread::Run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (asked_.wait(lock, stop, [this] { return !wanted_.empty(); })) {
    const ServerFactsRequest next = std::move(wanted_.front());
    wanted_.erase(wanted_.begin());
    lock.unlock();
    ServerFacts facts{next.server, read_(next.server, next.request)};
    lock.lock();
    if (found_.size() >= kMostWaiting) found_.erase(found_.begin());
    found_.push_back(std::move(facts));
    if (stop.stop_requested()) return;
  }
}

FactsThread::Read ReadLocalFacts(std::function<Time()> now, std::function<Duration()> boot) {
  const auto readers = std::make_shared<std::map<uint32_t, FactsReader>>();
  return
      [readers, now = std::move(now), boot = std::move(boot)](uint32_t server, const FactsRequest& request) {
        if (readers->size() >= kMostReaders && !readers->contains(server)) readers->clear();
        FactsReader& reader = readers->try_emplace(server, "/proc", ::sysconf(_SC_CLK_TCK)).first->second;
        return reader.Read(request, now(), boot());
      };
}

}  // namespace candor::daemon
