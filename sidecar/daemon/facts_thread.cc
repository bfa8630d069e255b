// SPDX-License-Identifier: Apache-2.0
#include "daemon/facts_thread.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "facts/facts_reader.h"

namespace candor::daemon {
namespace {

constexpr size_t kMostReaders = 32;  // servers; all begin again beyond that

}  // namespace

struct FactsThread::Shared {
  explicit Shared(Read r) : read(std::move(r)) {}
  const Read read;
  std::mutex mutex;
  std::condition_variable changed;
  // Guarded by mutex.
  std::vector<ServerFactsRequest> wanted;  // one of each server, oldest first
  std::vector<ServerFacts> found;
  bool stop = false, ended = false;
};

FactsThread::FactsThread(Read read) : shared_(std::make_shared<Shared>(std::move(read))) {
  // Detached: nobody waits for a file that never answers.
  std::thread([shared = shared_] {
    pthread_setname_np(pthread_self(), "candor-facts");
    Run(shared.get());
  }).detach();
}

FactsThread::~FactsThread() {
  std::unique_lock lock(shared_->mutex);
  shared_->stop = true;
  shared_->changed.notify_all();
  shared_->changed.wait_for(lock, kPatience, [this] { return shared_->ended; });
}

void FactsThread::Ask(std::vector<ServerFactsRequest> wanted) {
  const std::lock_guard lock(shared_->mutex);
  std::vector<ServerFactsRequest>& waiting = shared_->wanted;
  for (ServerFactsRequest& w : wanted) {
    const auto same = std::find_if(waiting.begin(), waiting.end(),
                                   [&](const ServerFactsRequest& other) { return other.server == w.server; });
    if (same != waiting.end()) {
      *same = std::move(w);
    } else if (waiting.size() < kMostWaiting) {
      waiting.push_back(std::move(w));
    }
  }
  shared_->changed.notify_all();
}

std::vector<ServerFacts> FactsThread::Take() {
  const std::lock_guard lock(shared_->mutex);
  return std::exchange(shared_->found, {});
}

void FactsThread::Run(Shared* shared) {
  std::unique_lock lock(shared->mutex);
  while (!shared->stop) {
    if (shared->wanted.empty()) {
      shared->changed.wait(lock);
      continue;
    }
    const ServerFactsRequest next = std::move(shared->wanted.front());
    shared->wanted.erase(shared->wanted.begin());
    lock.unlock();
    ServerFacts facts{next.server, shared->read(next.server, next.request)};
    lock.lock();
    if (shared->found.size() >= kMostWaiting) shared->found.erase(shared->found.begin());
    shared->found.push_back(std::move(facts));
  }
  shared->ended = true;
  shared->changed.notify_all();
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
