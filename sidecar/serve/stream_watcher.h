// SPDX-License-Identifier: Apache-2.0
//
// A server stream of snapshots without a queue: while a write is in flight only the newest snapshot waits, so
// that a slow client costs one snapshot.
//
// Lives from Start() until gRPC calls OnDone; gRPC and the hub share the ownership. Thread-safe.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <memory>
#include <mutex>
#include <optional>

#include "status/stream_quota.h"
#include "status/watch_hub.h"

namespace candor {

// A derived class makes the messages of its stream from snapshots (Next).
template <class Message>
class StreamWatcher : public grpc::ServerWriteReactor<Message>, public Watcher {
 public:
  // To be called once, right after construction. Returns the reactor for gRPC.
  static grpc::ServerWriteReactor<Message>* Start(std::shared_ptr<StreamWatcher> watcher, WatchHub* hub) {
    StreamWatcher* raw = watcher.get();
    raw->hub_ = hub;
    raw->self_ = watcher;
    hub->Add(watcher);
    return raw;
  }

  void Offer(const SnapshotPtr& snapshot) override {
    const std::lock_guard lock(mutex_);
    if (newest_ && snapshot->sequence <= newest_->sequence) return;
    newest_ = snapshot;
    WriteNewest();
  }

  bool HasHeartbeat() const override { return heartbeat_.has_value(); }

  Clock::time_point SendHeartbeat(const SnapshotPtr& snapshot, Clock::time_point now) override {
    const std::lock_guard lock(mutex_);
    const auto due_at = last_write_ + *heartbeat_;
    if (now < due_at) return due_at;
    // The hub may call before the first Offer().
    if (!newest_) return now + *heartbeat_;
    // The same sequence may have newer figures.
    if (snapshot->sequence >= newest_->sequence) newest_ = snapshot;
    due_ = true;  // stays so behind a write in flight
    WriteNewest();
    return now + *heartbeat_;  // in the future even for an ended stream: the hub must not spin
  }

  void Close() override {
    const std::lock_guard lock(mutex_);
    End(grpc::Status(grpc::StatusCode::UNAVAILABLE, "candord is stopping"));
  }

  void OnWriteDone(bool ok) override {
    hub_->batches().OnWriteEnded();
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok) End(grpc::Status(grpc::StatusCode::CANCELLED, "the client has gone"));
    FinishIfEnded();
    WriteNewest();
  }

  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    End(grpc::Status(grpc::StatusCode::CANCELLED, "the client has gone"));
  }

  void OnDone() override {
    const std::shared_ptr<StreamWatcher> self = std::move(self_);  // freed when this returns
    hub_->Remove(this);
  }

 protected:
  // `ticket`: of the quota, released with the stream.
  StreamWatcher(std::optional<Clock::duration> heartbeat, std::unique_ptr<StreamQuota::Ticket> ticket)
      : heartbeat_(heartbeat), ticket_(std::move(ticket)) {}

  // Fills `message` and returns true if it is to be sent. `due`: the heartbeat is. Called under the lock.
  virtual bool Next(const Snapshot& snapshot, bool due, Message* message) = 0;

 private:
  void WriteNewest() {
    if (writing_ || end_ || !newest_) return;
    if (!Next(*newest_, due_, &message_)) return;
    due_ = false;
    writing_ = true;
    last_write_ = Clock::now();
    hub_->batches().OnWriteStarted();
    this->StartWrite(&message_);
  }

  void End(grpc::Status status) {
    if (!end_) end_ = std::move(status);
    FinishIfEnded();
  }

  // gRPC allows no Finish while a write is in flight; OnWriteDone calls this again.
  void FinishIfEnded() {
    if (!end_ || writing_ || finished_) return;
    finished_ = true;
    this->Finish(*end_);
  }

  const std::optional<Clock::duration> heartbeat_;
  const std::unique_ptr<StreamQuota::Ticket> ticket_;
  WatchHub* hub_ = nullptr;
  std::shared_ptr<StreamWatcher> self_;  // gRPC's share, released in OnDone
  std::mutex mutex_;
  SnapshotPtr newest_;
  Message message_;  // must stay unchanged while writing_
  bool writing_ = false;
  bool due_ = false;
  bool finished_ = false;
  std::optional<grpc::Status> end_;
  Clock::time_point last_write_ = Clock::now();
};

// A stream that ends at once with an error.
template <class Message>
class RefusedStream final : public grpc::ServerWriteReactor<Message> {
 public:
  explicit RefusedStream(const grpc::Status& why) { this->Finish(why); }
  void OnDone() override { delete this; }
};

}  // namespace candor
