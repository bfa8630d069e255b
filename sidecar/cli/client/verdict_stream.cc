// SPDX-License-Identifier: Apache-2.0
#include "cli/client/verdict_stream.h"

#include <utility>

namespace candor::cli {
namespace {

google::protobuf::Duration ToProto(std::chrono::milliseconds d) {
  google::protobuf::Duration out;
  out.set_seconds(d.count() / 1000);
  out.set_nanos(static_cast<int32_t>(d.count() % 1000 * 1'000'000));
  return out;
}

}  // namespace

VerdictStream::VerdictStream(pb::NodeHealth::Stub& stub, std::chrono::milliseconds heartbeat,
                             const std::string& server) {
  pb::WatchVerdictRequest request;
  request.set_server(server);
  *request.mutable_heartbeat() = ToProto(heartbeat);
  reader_ = stub.PrepareAsyncWatchVerdict(&context_, request, &queue_);
  Await(Waiting::kStart);
}

VerdictStream::~VerdictStream() {
  context_.TryCancel();
  queue_.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
  }
}

void VerdictStream::Await(Waiting operation) {
  waiting_ = operation;
  if (operation == Waiting::kStart) reader_->StartCall(this);
  if (operation == Waiting::kRead) reader_->Read(&incoming_, this);
  if (operation == Waiting::kFinish) reader_->Finish(&status_, this);
}

VerdictStream::Event VerdictStream::Next(std::chrono::system_clock::time_point deadline,
                                         pb::Verdict* verdict) {
  while (waiting_ != Waiting::kNothing) {
    void* tag = nullptr;
    bool ok = false;
    if (queue_.AsyncNext(&tag, &ok, deadline) != grpc::CompletionQueue::GOT_EVENT) return Event::kQuiet;
    const Waiting done = std::exchange(waiting_, Waiting::kNothing);
    if (done == Waiting::kFinish) break;
    if (!ok) {
      Await(Waiting::kFinish);
    } else if (done == Waiting::kStart) {
      Await(Waiting::kRead);
    } else {
      verdict->Swap(&incoming_);
      Await(Waiting::kRead);
      return Event::kVerdict;
    }
  }
  return Event::kEnded;
}

}  // namespace candor::cli
