// SPDX-License-Identifier: Apache-2.0
#include "selfreport/joins_poller.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "selfreport/livekit_joins.h"

namespace candor {

JoinsPoller::JoinsPoller(const JoinsPollerOptions& options, std::unique_ptr<HttpGet> page, Clock now,
                         Sink sink)
    : options_(options), page_(std::move(page)), now_(std::move(now)), sink_(std::move(sink)) {
  if (page_) worker_ = Worker([this](const std::stop_token& stop) { Run(stop); }, "candor-joins");
}

JoinsPoller::~JoinsPoller() { Stop(); }

void JoinsPoller::Stop() {
  if (!worker_.running()) return;
  worker_.RequestStop();
  page_->Cancel();
  worker_.Stop();
}

void JoinsPoller::Run(const std::stop_token& stop) {
  Time next = MonotonicNow();
  do {
    ReportedJoins read = Read();
    if (stop.stop_requested()) return;  // a cancelled reading has no meaning
    sink_(std::move(read));
    const Time now = MonotonicNow();
    next = std::max(next + options_.interval, now);
    SleepUnlessStopped(stop, next - now);
  } while (!stop.stop_requested());
}

ReportedJoins JoinsPoller::Read() {
  const HttpAnswer answer = page_->Get(options_.timeout);
  ReportedJoins out;
  out.unavailable.clear();
  if (answer.cut) {
    out.unavailable = fmt::format("the page of metrics has more than {} MiB", kLargestPage >> 20);
  } else if (!answer.error.empty()) {
    out.unavailable = "the page of metrics cannot be read: " + answer.error;
  } else if (answer.status < 200 || answer.status >= 300) {
    out.unavailable = fmt::format("the page of metrics answers HTTP {}", answer.status);
  } else if (auto joins = LiveKitJoins(answer.body); joins) {
    out = std::move(*joins);
  } else {
    out.unavailable = joins.error().message;
  }
  out.at = now_();
  return out;
}

Result<std::unique_ptr<HttpGet>> MakeJoinsPage(const std::string& url) {
  if (url.empty()) return std::unique_ptr<HttpGet>();
  return MakeHttpGet(url, JoinsPoller::kLargestPage);
}

}  // namespace candor
