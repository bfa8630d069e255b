// SPDX-License-Identifier: Apache-2.0
#include "verdict/drop_window.h"

#include <algorithm>

namespace candor {
namespace {

constexpr Duration kSpacing = std::chrono::milliseconds(500);
constexpr Duration kUsual = std::chrono::seconds(60);
constexpr double kMoreThanUsual = 3;

}  // namespace

void DropWindow::Observe(const SocketCounts& counts) {
  if (counts.at == Time{}) return;
  if (size_ > 0 && counts.at < Back(0).at + kSpacing) return;
  readings_.at(next_) = {counts.at, counts.drops, counts.drops_known};
  next_ = (next_ + 1) % kKept;
  size_ = std::min(size_ + 1, kKept);
}

// The oldest one where all are later.
size_t DropWindow::LatestBefore(Time t) const {
  size_t n = 0;
  while (n + 1 < size_ && Back(n).at > t) ++n;
  return n;
}

bool DropWindow::KnownSince(Time since) const {
  if (size_ < 2) return false;
  for (size_t n = 0, end = LatestBefore(since); n <= end; ++n) {
    if (!Back(n).known) return false;
  }
  return true;
}

DropSums DropWindow::AllSince(Time since) const {
  DropSums out{};
  if (size_ < 2) return out;
  const Reading &last = Back(0), &begin = Back(LatestBefore(since));
  ForEachDrop([&](candor_dir direction, candor_drop_reason r) {
    const uint64_t now = last.sums.at(direction).at(r), then = begin.sums.at(direction).at(r);
    out.at(direction).at(r) = now > then ? now - then : 0;
  });
  return out;
}

DropSums DropWindow::Since(Time since) const {
  DropSums out{};
  if (size_ < 2) return out;
  const Reading& last = Back(0);
  const Reading& begin = Back(LatestBefore(since));
  const Reading& before = Back(LatestBefore(begin.at - kUsual));
  const double span = Seconds(last.at - begin.at), usual_span = Seconds(begin.at - before.at);
  ForEachDrop([&](candor_dir direction, candor_drop_reason r) {
    const auto at = [&](const Reading& reading) { return reading.sums.at(direction).at(r); };
    if (at(last) < at(begin) || at(begin) < at(before)) return;  // the source was changed
    const uint64_t n = at(last) - at(begin);
    const double usual = usual_span > 0 ? static_cast<double>(at(begin) - at(before)) / usual_span * span : 0;
    if (static_cast<double>(n) > kMoreThanUsual * usual) out.at(direction).at(r) = n;
  });
  return out;
}

}  // namespace candor
