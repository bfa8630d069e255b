// SPDX-License-Identifier: Apache-2.0
//
// One WatchVerdict stream whose reads have deadlines: a stopped candord keeps its connections open, so that
// only missing heartbeats show it. For one thread. Tested in tests/cli/commands/watch_test.cc.
#pragma once

#include <grpcpp/completion_queue.h>

#include <chrono>
#include <memory>
#include <string>

#include "cli/client/client.h"

namespace candor::cli {

class VerdictStream {
 public:
  enum class Event {
    kVerdict,
    kQuiet,  // no verdict until the deadline; the stream goes on
    kEnded,  // status() has the reason
  };

  // `server`: empty: the node.
  VerdictStream(pb::NodeHealth::Stub& stub, std::chrono::milliseconds heartbeat,
                const std::string& server = {});
  ~VerdictStream();  // cancels the call
  VerdictStream(const VerdictStream&) = delete;
  VerdictStream& operator=(const VerdictStream&) = delete;

  // Waits at most until `deadline`. Not to be called after kEnded.
  Event Next(std::chrono::system_clock::time_point deadline, pb::Verdict* verdict);
  const grpc::Status& status() const { return status_; }

 private:
  enum class Waiting { kStart, kRead, kFinish, kNothing };

  void Await(Waiting operation);

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::ClientAsyncReader<pb::Verdict>> reader_;
  Waiting waiting_ = Waiting::kNothing;  // the one operation in flight
  pb::Verdict incoming_;
  grpc::Status status_;
};

}  // namespace candor::cli
