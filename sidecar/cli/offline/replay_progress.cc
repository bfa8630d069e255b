// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay_progress.h"

#include <fmt/format.h>

#include <algorithm>

namespace candor::cli {
namespace {

constexpr uint64_t kMinTotal = uint64_t{32} << 20;  // smaller files take less than a second
constexpr uint64_t kCells = 40;

}  // namespace

ReplayProgress::ReplayProgress(std::ostream& err, bool shown, uint64_t total)
    : err_(err), total_(shown && total >= kMinTotal ? total : 0) {}

void ReplayProgress::Show(uint64_t read) {
  if (total_ == 0) return;
  const uint64_t percent = std::min<uint64_t>(100, read / (total_ / 100));
  if (drawn_ && percent == percent_) return;
  percent_ = percent;
  drawn_ = true;
  const uint64_t full = percent * kCells / 100;
  err_ << fmt::format("\r[{:#<{}}{:.<{}}] {:3} %", "", full, "", kCells - full, percent) << std::flush;
}

void ReplayProgress::Clear() {
  if (!drawn_) return;
  err_ << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

}  // namespace candor::cli
