// SPDX-License-Identifier: Apache-2.0
#include "source/capture_source.h"

#include <fmt/format.h>

#include <thread>
#include <utility>

namespace candor {

CaptureSource::CaptureSource(CaptureOptions options, Opener open, std::function<Time()> clock, Executor run)
    : options_(std::move(options)),
      opener_(std::move(open)),
      clock_(std::move(clock)),
      run_(std::move(run)),
      tried_(clock_()) {
  opening_.emplace(opener_, run_);
  SetBlind("loading", "the live capture is being opened");
}

Result<size_t> CaptureSource::Poll(Duration timeout, const std::function<void(const FlowEvent&)>& sink) {
  if (!open_) {
    Await(timeout);
    return size_t{0};
  }
  auto delivered = open_->Poll(timeout, sink);
  if (delivered) {
    health_.Write(open_->Health());
    return delivered;
  }
  open_.reset();
  SetBlind("capture_ended", delivered.error().message + "; it is tried again every few seconds");
  tried_ = clock_();
  return size_t{0};
}

void CaptureSource::Await(Duration timeout) {
  if (!opening_) {
    if (clock_() - tried_ >= options_.retry) {
      tried_ = clock_();
      opening_.emplace(opener_, run_);
    } else {
      std::this_thread::sleep_for(timeout);
    }
    return;
  }
  auto opened = opening_->TakeWithin(timeout);
  if (!opened) {
    if (clock_() - tried_ < options_.deadline) return;
    SetBlind("load_timeout",
             fmt::format("opening the live capture on {} has not returned within {:.0f} s: the kernel may be "
                         "stuck; see dmesg, and restart the machine when BPF loads hang too",
                         options_.target, Seconds(options_.deadline)));
    return;
  }
  opening_.reset();
  if (*opened) {
    open_ = std::move(**opened);
    health_.Write(open_->Health());
  } else {
    SetBlind("capture_failed", opened->error().message);
  }
}

void CaptureSource::SetBlind(std::string code, std::string text) {
  SourceHealth h;
  h.kind = "pcap";
  h.target = options_.target;
  h.blindness = {std::move(code), std::move(text)};
  health_.Write(std::move(h));
}

}  // namespace candor
