// SPDX-License-Identifier: Apache-2.0
#include "daemon/steer_thread.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "daemon/log.h"
#include "steer/own_addresses.h"

namespace candor::daemon {
namespace {

using steer::SteerState;

constexpr Duration kPublishEvery = std::chrono::seconds(1);  // where only figures change

Severity SeverityOf(SteerState state) {
  return state == SteerState::kReady || state == SteerState::kNotReported ? Severity::kInfo
                                                                          : Severity::kWarning;
}

}  // namespace

bool MustLeaveCluster(const Snapshot& snapshot) {
  const State state = snapshot.shown().state;
  return state == State::kFailing || state == State::kDraining;
}

SteerThread::SteerThread(const steer::SteerOptions& options, std::unique_ptr<steer::RedisDialer> dialer,
                         SnapshotStore& snapshots)
    : options_(options), dialer_(std::move(dialer)), snapshots_(snapshots) {
  if (!dialer_) return;
  store_ = std::make_unique<steer::RedisStore>(*dialer_);
  watch_ = std::make_unique<steer::RowWatch>(*dialer_, options_.redis.database);
  subscription_ = snapshots_.Subscribe([this](const SnapshotPtr&) { wake_.Signal(); });
  worker_ = Worker([this](const std::stop_token& stop) { Run(stop); }, "candor-steer");
}

void SteerThread::Stop() {
  if (!worker_.running()) return;
  snapshots_.Unsubscribe(subscription_);
  worker_.RequestStop();
  wake_.Signal();
  worker_.Stop();
}

void SteerThread::Run(const std::stop_token& stop) {
  steer::Steerer steerer(options_, &steer::OwnAddresses, *store_);
  while (!stop.stop_requested()) {
    const Time now = MonotonicNow();
    const bool serving = !MustLeaveCluster(*snapshots_.Read());
    steer::SteerStatus status = steerer.Step(now, std::chrono::system_clock::now(), serving);
    if (status.state == SteerState::kSteering) {
      watch_->Open(now);
    } else {
      watch_->Close();
    }
    // After a failover the old master may go on answering, with rows that nobody refreshes.
    if (status.state == SteerState::kNoNode && !options_.redis.sentinel.empty()) store_->Drop();
    status.notified = watch_->works(now);
    Publish(status, now);
    Wait(steerer.UntilNextLook(MonotonicNow(), status.notified));
    watch_->Take(MonotonicNow());
  }
  if (steerer.status().state != SteerState::kUnavailable) steerer.LetGo();
}

void SteerThread::Publish(const steer::SteerStatus& status, Time now) {
  const bool changed = status.state != published_.state;
  if (changed) {
    const std::string text = fmt::format("livekit: {}: {}", Name(status.state), status.text);
    Log({SeverityOf(status.state), text});
  }
  if (!changed && now - published_at_ < kPublishEvery) return;
  published_ = status;
  published_at_ = now;
  snapshots_.SetSteering(status);
}

// Until the next look is due, a row changes, or the answer of the node may have changed.
void SteerThread::Wait(Duration until) { wake_.Wait(watch_->fd(), until); }

}  // namespace candor::daemon
