// SPDX-License-Identifier: Apache-2.0
//
// Seconds of a socket counter as observations of loss. Losses come in bursts, so datagrams are not
// independent; each second is one observation: whether its loss exceeded what users accept. Pure; one thread.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace candor {

// Datagrams of one second: attempted, lost ones included, and lost.
struct SocketSecond {
  uint64_t tried = 0;
  uint64_t lost = 0;
  Duration span{};  // about a second, longer with little traffic
  // ITU-T G.1010: less than 1 % packet loss in conversational video.
  static constexpr double kLossLimit = 0.01;
  // Fewer can be stray multicast in an unused socket of a nearly idle node.
  static constexpr uint64_t kMinLost = 10;
  bool bad() const {
    return lost >= kMinLost && static_cast<double>(lost) > kLossLimit * static_cast<double>(tried);
  }
};

class SocketSeconds {
 public:
  // Monotonic totals as of `at`. Returns a second once it is over and had enough datagrams to distinguish 1 %
  // from chance; with fewer it may last ten seconds, and below that nothing is returned.
  std::optional<SocketSecond> Add(Time at, uint64_t tried, uint64_t lost) {
    if (begun_ == Time{} || at < begun_) return Begin(at, tried, lost);
    const SocketSecond s{tried - tried_, lost - lost_, at - begun_};
    if (s.span < kSecond || (s.tried < kEnough && s.span < kLongest)) return std::nullopt;
    Begin(at, tried, lost);
    if (s.tried < kEnough) return std::nullopt;
    return s;
  }

 private:
  static constexpr uint64_t kEnough = 50;  // one voice stream in one direction
  // Readings are a second apart, plus or minus one turn of the pipeline thread.
  static constexpr Duration kSecond = std::chrono::milliseconds(900), kLongest = std::chrono::seconds(10);

  std::nullopt_t Begin(Time at, uint64_t tried, uint64_t lost) {
    begun_ = at, tried_ = tried, lost_ = lost;
    return std::nullopt;
  }

  Time begun_{};
  uint64_t tried_ = 0, lost_ = 0;
};

}  // namespace candor
