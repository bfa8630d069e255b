// SPDX-License-Identifier: Apache-2.0
//
// A server stream that always tells the newest and never queues: while a write is in flight only the newest
// snapshot waits. A slow reader costs one snapshot, not a backlog.
//
// Lives from Start() until gRPC calls OnDone; gRPC and the hub hold it together. Thread-safe.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <memory>
#include <mutex>
#include <optional>

#include "status/stream_quota.h"
#include "status/watch_hub.h"

namespace candor {

// `Derived` says what a snapshot looks like on its stream and whether it is worth a message.
template <class Message>
class StreamWatcher : public grpc::ServerWriteReactor<Message>, public Watcher {
 public:
  // To be called once, right after construction; returns the reactor for gRPC.
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
    // The hub adds a watcher before it offers the first snapshot.
    if (!newest_) return now + *heartbeat_;
    // The same sequence may carry fresher figures.
    if (snapshot->sequence >= newest_->sequence) newest_ = snapshot;
    due_ = true;  // stays due behind a write in flight
    WriteNewest();
    return now + *heartbeat_;  // never a time gone by: an ended stream must not make the hub spin
  }

  void Close() override {
    const std::lock_guard lock(mutex_);
    End(grpc::Status(grpc::StatusCode::UNAVAILABLE, "candord is stopping"));
  }

  void OnWriteDone(bool ok) override {
    hub_->batches().OnWriteEnded();
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok) End(grpc::Status(grpc::StatusCode::CANCELLED, "the reader has gone"));
    FinishIfEnded();
    WriteNewest();
  }

  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    End(grpc::Status(grpc::StatusCode::CANCELLED, "the reader has gone"));
  }

  void OnDone() override {
    const std::shared_ptr<StreamWatcher> self = std::move(self_);  // freed when this returns
    hub_->Remove(this);
  }

 protected:
  // `ticket`: its place among the open streams, given back with it.
  StreamWatcher(std::optional<Clock::duration> heartbeat, std::unique_ptr<StreamQuota::Ticket> ticket)
      : heartbeat_(heartbeat), ticket_(std::move(ticket)) {}

  // Fills `message` and returns true if the reader has to be told; `due`: its heartbeat is. Under the lock.
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

  // gRPC wants no Finish while a write is in flight; OnWriteDone comes back here.
  void FinishIfEnded() {
    if (!end_ || writing_ || finished_) return;
    finished_ = true;
    this->Finish(*end_);
  }

  const std::optional<Clock::duration> heartbeat_;
  const std::unique_ptr<StreamQuota::Ticket> ticket_;
  WatchHub* hub_ = nullptr;
  std::shared_ptr<StreamWatcher> self_;  // gRPC's share, given up in OnDone
  std::mutex mutex_;
  SnapshotPtr newest_;
  Message message_;  // must stay unchanged while writing_
  bool writing_ = false;
  bool due_ = false;
  bool finished_ = false;
  std::optional<grpc::Status> end_;
  Clock::time_point last_write_ = Clock::now();
};

// A stream that only says what was wrong.
template <class Message>
class RefusedStream final : public grpc::ServerWriteReactor<Message> {
 public:
  explicit RefusedStream(const grpc::Status& why) { this->Finish(why); }
  void OnDone() override { delete this; }
};

}  // namespace candor
